import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from './client.ts';
import { describeError } from './describe-error.ts';
import { isSameOrigin, redirectOrigin } from './redirect.ts';
import { tooLarge } from './unpack.ts';

/** The head of an answer. */
export interface AnswerHead {
  status: number;
  headers: IncomingHttpHeaders;
}

/** What the head alone tells: an answer that we do not want, whatever its body. `url` is where it came from. */
export function whyRefused(
  { status, headers }: AnswerHead,
  url: string,
  maxBodyBytes: number,
): RequestError | undefined {
  if (Number(headers['content-length']) > maxBodyBytes) return tooLarge(maxBodyBytes);
  const origin = redirectOrigin(status, headers.location, url);
  if (origin === undefined || isSameOrigin(origin, url)) return undefined;
  if (origin === '') return badAnswer('REDIRECT', 'redirected to an address that is none');
  const shown = origin.length > 200 ? `${origin.slice(0, 200)}…` : origin;
  return badAnswer('REDIRECT', `redirected to another origin: ${shown}`);
}

/** Sent by some servers as they close an idle connection (RFC 9110, section 15.5.9). */
const IDLE_TIMEOUT = 408;

/** The error that stands for a whole answer which is none to what was asked: the farewell of a kept connection. */
export function whyStale({ status, headers }: AnswerHead, isReused: boolean): RequestError | undefined {
  const isFarewell = status === IDLE_TIMEOUT && headers.connection?.toLowerCase() === 'close';
  return isFarewell && isReused ? describeError('ECONNRESET', { isStale: true }) : undefined;
}

/** An answer that another attempt would not make better. */
export const badAnswer = (code: string, words: string): RequestError => new RequestError('bad_answer', code, words);
