import type { ClientRequest } from 'node:http';
import { type ClientHttp2Session, constants } from 'node:http2';
import type { ConnectionUse } from './connection-use.ts';

/** A session that a request is sent on. */
export interface TakenSession {
  session: ClientHttp2Session;
  /** Whether it was there before this request. */
  isReused: boolean;
}

/** One request's use of an HTTP/2 session; tells whether a failure is the session's fault, as `ConnectionUse` does. */
export class H2Use implements Pick<ConnectionUse, 'isReused' | 'isStale' | 'drop'> {
  readonly #request: ClientRequest;
  readonly #taken: TakenSession;
  #hasAnswerBegun = false;

  constructor(request: ClientRequest, taken: TakenSession) {
    this.#request = request;
    this.#taken = taken;
    request.once('response', () => {
      this.#hasAnswerBegun = true;
    });
  }

  get isReused(): boolean {
    return this.#taken.isReused;
  }

  /**
   * Whether it was never worked on: the server refused the stream (RFC 9113, section 8.7), or ended a session that had
   * been open for a while before any of the answer.
   */
  isStale(): boolean {
    if (this.#hasAnswerBegun) return false;
    if (resetCodeOf(this.#request) === constants.NGHTTP2_REFUSED_STREAM) return true;
    const { session, isReused } = this.#taken;
    return isReused && (session.closed || session.destroyed);
  }

  /** What else is under way on it comes to its end: each answer has its own stream. */
  drop(): void {
    this.#taken.session.close();
  }
}

/** got's request over HTTP/2 has the stream that Node's over HTTP/1.1 has not. */
function resetCodeOf(request: ClientRequest): number | undefined {
  const stream: unknown = Object.getOwnPropertyDescriptor(request, 'stream')?.value;
  const isStream = typeof stream === 'object' && stream !== null && 'rstCode' in stream;
  return isStream && typeof stream.rstCode === 'number' ? stream.rstCode : undefined;
}
