import type { ClientRequest } from 'node:http';
import { type Request as GotStream, type PlainResponse, TimeoutError } from 'got';
import { type Answer, RequestError } from './client.ts';
import { ConnectionUse } from './connection-use.ts';
import { describeError } from './describe-error.ts';
import { H2Use, type TakenSession } from './h2-use.ts';
import { redirectOrigin } from './redirect.ts';
import { tooLarge } from './unpack.ts';

interface Limits {
  maxBodyBytes: number;
  /** As got was told; for the message alone. */
  timeoutMs: number;
  /** The connection is one to a proxy. */
  isProxys: boolean;
  /** Where it is sent over HTTP/2. */
  session?: TakenSession | undefined;
}

/** One request under way, from got's stream to a whole answer with its body as it was sent. It leaves nothing behind. */
export class GotExchange {
  /** Rejects with a `RequestError`. */
  readonly answer: Promise<Answer>;
  readonly #settle: PromiseWithResolvers<Answer> = Promise.withResolvers();
  readonly #stream: GotStream;
  readonly #limits: Limits;
  readonly #redirects: PlainResponse[] = [];
  #use: Pick<ConnectionUse, 'isReused' | 'isStale' | 'drop'> | undefined;
  #response: PlainResponse | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #isSettled = false;

  constructor(stream: GotStream, limits: Limits) {
    this.answer = this.#settle.promise;
    this.#stream = stream;
    this.#limits = limits;
    stream.on('request', (request: ClientRequest) => this.#watch(request));
    stream.on('redirect', (_next, response) => this.#redirects.push(response));
    stream.on('response', (response: PlainResponse) => this.#begin(response));
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('end', () => this.#end());
    // It stays until the end of the stream: an error that comes late has nobody else to hear it.
    stream.on('error', (error) => this.fail(this.#describe(error)));
    stream.on('close', () => this.fail(describeError('ECONNRESET')));
  }

  /** Ends it with an error, unless it has ended. */
  fail(error: RequestError): void {
    if (this.#isSettled) return;
    this.#finish();
    this.#stream.destroy();
    error.status ??= this.#statusSeen(error);
    this.#settle.reject(error);
  }

  #watch(request: ClientRequest): void {
    const { session } = this.#limits;
    this.#use = session === undefined ? new ConnectionUse(request) : new H2Use(request, session);
    // got listens too, so Node hands the connection over and closes it no more.
    request.once('upgrade', (_response, socket) => {
      socket.destroy();
      this.fail(bad('UPGRADE', 'server switched to another protocol'));
    });
  }

  #begin(response: PlainResponse): void {
    this.#response = response;
    const refusal = whyRefused(response, this.#limits.maxBodyBytes);
    if (refusal !== undefined) this.fail(refusal);
  }

  #take(chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > this.#limits.maxBodyBytes) this.fail(tooLarge(this.#limits.maxBodyBytes));
  }

  #end(): void {
    const response = this.#response;
    if (this.#isSettled || response === undefined) return;
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#finish();
    const { statusCode: status, statusMessage: statusText = '', headers, url } = response;
    if (status === IDLE_TIMEOUT && headers.connection?.toLowerCase() === 'close' && this.#use?.isReused) {
      this.#settle.reject(describeError('ECONNRESET', { isStale: true }));
      return;
    }
    const use = this.#use;
    this.#settle.resolve({ status, statusText, headers, body, url, dropConnection: () => use?.drop() });
  }

  /** got drains the bodies of redirects so that their connections can be used again, however long that takes. */
  #finish(): void {
    this.#isSettled = true;
    this.#chunks = [];
    for (const response of this.#redirects) if (!response.complete) response.destroy();
  }

  /** got counts redirects before it shows the answer that is one too many. */
  #statusSeen({ code }: RequestError): number | undefined {
    const last = code === 'ERR_TOO_MANY_REDIRECTS' ? this.#redirects.at(-1) : undefined;
    return (this.#response ?? last)?.statusCode;
  }

  #describe(error: Error): RequestError {
    if (error instanceof TimeoutError) {
      return new RequestError('timeout', 'ETIMEDOUT', `no whole answer within ${this.#limits.timeoutMs / 1000} s`);
    }
    // A limit of the agents', which Node and got hand on in their own errors.
    if (error.cause instanceof RequestError) return error.cause;
    const code = 'code' in error ? String(error.code) : 'UNKNOWN';
    return describeError(code, { isStale: this.#use?.isStale(code) ?? false, isProxys: this.#limits.isProxys });
  }
}

/** Sent by some servers as they close an idle connection (RFC 9110, section 15.5.9): an answer to nothing that was asked. */
const IDLE_TIMEOUT = 408;

/** What the headers alone tell: an answer that we do not want, whatever its body. */
function whyRefused({ statusCode, headers, url }: PlainResponse, maxBodyBytes: number): RequestError | undefined {
  if (Number(headers['content-length']) > maxBodyBytes) return tooLarge(maxBodyBytes);
  const origin = redirectOrigin(statusCode, headers.location, url);
  if (origin === undefined) return undefined;
  if (origin === '') return bad('REDIRECT', 'redirected to an address that is none');
  return bad('REDIRECT', `redirected to another origin: ${origin.length > 200 ? `${origin.slice(0, 200)}…` : origin}`);
}

const bad = (code: string, words: string): RequestError => new RequestError('bad_answer', code, words);
