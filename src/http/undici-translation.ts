import type { IncomingHttpHeaders } from 'node:http';

/** undici's own codes as those of Node that mean the same; the others are Node's already. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_SOCKET', 'ECONNRESET'],
  ['UND_ERR_INFO', 'ECONNRESET'],
  ['UND_ERR_DESTROYED', 'ECONNRESET'],
  ['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'],
  ['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR'],
  ['UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_CHAR'],
]);

/** How far an answer had come. */
export interface AnswerSoFar {
  hasBegun: boolean;
  /** As its headers say. */
  contentLength: number | undefined;
  bodyBytes: number;
}

/** The code of an error of undici's, as Node has it. */
export function nodeCodeOf(error: Error, { hasBegun, contentLength, bodyBytes }: AnswerSoFar): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // Its parser keeps no code of what it finds wrong, and takes a head with two lengths for one that is too short.
  if (error.name === 'HTTPParserError' && code === undefined) {
    return /EOF/.test(error.message) ? 'HPE_INVALID_EOF_STATE' : 'HPE_INVALID';
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return hasBegun ? CUT : 'HPE_UNEXPECTED_CONTENT_LENGTH';
  if (code === 'UND_ERR_SOCKET' && contentLength !== undefined && bodyBytes < contentLength) return CUT;
  return code === undefined ? 'UNKNOWN' : (CODES.get(code) ?? code);
}

const CUT = 'ERR_HTTP_CONTENT_LENGTH_MISMATCH';

/** Those of which Node takes the first where there are several (`message.headers` in its documentation). */
const FIRST_COUNTS: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** Headers as Node gives them: a text each, `set-cookie` apart. undici gives a list where one came more than once. */
export function nodeHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  for (const name in headers) if (Array.isArray(headers[name])) return joined(headers);
  return headers;
}

const joined = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!Array.isArray(value) || name === 'set-cookie') return [name, value];
      return [name, FIRST_COUNTS.has(name) ? value[0] : value.join(name === 'cookie' ? '; ' : ', ')];
    }),
  );
