import type { IncomingHttpHeaders } from 'node:http';

/** What a server answered; `body` is unpacked. */
export interface Answer {
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: Uint8Array;
  /** Where redirects led, where they led anywhere. */
  url?: string;
  /** Closes the connection that it came on, where the client knows it: what else comes there is not to be trusted. */
  dropConnection?(): void;
}

/** A request as it goes out: everything that belongs to one customer is in it; a client adds what all requests share. */
export interface HttpRequest {
  url: string;
  /** GET where there is none. */
  method?: string;
  /** Beside the client's own, and before them; names in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface SendOptions {
  /** Aborting it ends the request with a `RequestError`. */
  signal?: AbortSignal;
  /** Opens a connection for this request alone, instead of taking one that was kept open. */
  freshConnection?: boolean;
}

/** Makes requests, one attempt each. `send` rejects with a `RequestError` where there is no whole answer, whatever its status. */
export interface HttpClient {
  send(request: HttpRequest, options?: SendOptions): Promise<Answer>;
  /** Closes the connections that are kept open. */
  close(): void;
}

/** What came of an attempt without a whole answer; the names are failure kinds too. */
export type RequestErrorKind = 'timeout' | 'network' | 'bad_answer';

/** There is no whole answer. The message is short, in words with the code, and holds nothing that was sent. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: RequestErrorKind;
  readonly code: string;
  /** A kept connection was to blame, not the endpoint: worth one try on a fresh one, at once. */
  readonly isStale: boolean;
  /** Another attempt may end better. */
  readonly isRetryable: boolean;
  /** Of the answer that had begun, where one had: it was cut, refused or too large. */
  status: number | undefined;

  constructor(
    kind: RequestErrorKind,
    code: string,
    words: string,
    { isStale = false, isRetryable = kind !== 'bad_answer' } = {},
  ) {
    super(`${words} (${code})`);
    this.kind = kind;
    this.code = code;
    this.isStale = isStale;
    this.isRetryable = isRetryable;
  }
}

/** The error of a request that its caller has ended. */
export const abortError = (): RequestError =>
  new RequestError('network', 'ABORT_ERR', 'aborted', { isRetryable: false });

/** The error of a request that took longer than it may. */
export const timeoutError = (limitMs: number): RequestError =>
  new RequestError('timeout', 'ETIMEDOUT', `no whole answer within ${limitMs / 1000} s`);
