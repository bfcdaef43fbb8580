import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

/** What a client sees of one request: an answer, the part of it that came before an error, or an error alone. */
export interface RawAnswer {
  /** 0 where no headers came. */
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  /** Bytes as they came, not decompressed; at most `maxBytes`, where the client hangs up. */
  body: Buffer;
  /** Pieces in which the body came. */
  pieces: number;
  /** Code of the error that ended it, `''` where it ended well. */
  error: string;
}

export interface RawGetOptions {
  agent?: Agent;
  method?: string;
  body?: string;
  maxBytes?: number;
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};

/** Asks with `node:http` alone: no redirects, no decompression, no retries. Never rejects. */
export const rawGet = (url: string, options: RawGetOptions = {}): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const { agent, method = 'GET', body, maxBytes = Infinity } = options;
    const answer: RawAnswer = { status: 0, statusText: '', headers: {}, body: Buffer.alloc(0), pieces: 0, error: '' };
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (error = ''): void => resolve({ ...answer, body: Buffer.concat(chunks), error });
    const asked = request(url, { method, agent: agent ?? false }, (response) => {
      answer.status = response.statusCode ?? 0;
      answer.statusText = response.statusMessage ?? '';
      answer.headers = response.headers;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        answer.pieces += 1;
        if (bytes > maxBytes) asked.destroy(new Error('TOO_LARGE'));
      });
      response.on('end', () => end());
      response.on('error', (error) => end(codeOf(error)));
    });
    asked.on('error', (error) => end(codeOf(error)));
    asked.end(body);
  });
