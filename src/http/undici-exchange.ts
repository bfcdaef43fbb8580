import type { IncomingHttpHeaders } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import { type Answer, RequestError } from './client.ts';
import { describeError } from './describe-error.ts';
import { tlsCodeOf } from './error-code.ts';
import { redirectOrigin } from './redirect.ts';
import { badAnswer, whyRefused, whyStale } from './refusal.ts';
import type { Connection } from './undici-connections.ts';
import { type AnswerSoFar, nodeCodeOf, nodeHeaders } from './undici-translation.ts';
import { tooLarge } from './unpack.ts';

/** What an exchange depends on beside its request. */
export interface ExchangeFacts {
  connection: Connection;
  url: string;
  maxBodyBytes: number;
  /** The connection is one to a proxy. */
  isProxys: boolean;
}

/** One request under way on a connection, as undici tells of it, to a whole answer with its body as it was sent. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  /** Rejects with a `RequestError`; then the connection is not to be used again. */
  readonly answer: Promise<Answer>;
  readonly #settle: PromiseWithResolvers<Answer> = Promise.withResolvers();
  readonly #facts: ExchangeFacts;
  /** The socket that the connection had, where answers had come on it. */
  readonly #kept: Connection['socket'];
  readonly #bytesReadBefore: number;
  #status = 0;
  #statusText = '';
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #size = 0;
  #isSettled = false;
  #isComplete = false;

  constructor(facts: ExchangeFacts) {
    const { socket, answers } = facts.connection;
    this.answer = this.#settle.promise;
    this.#facts = facts;
    this.#kept = answers > 0 ? socket : undefined;
    this.#bytesReadBefore = socket?.bytesRead ?? 0;
  }

  /** undici wants it to be there. */
  onRequestStart(): void {}

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders, statusText = ''): void {
    // What is only informational is followed by the answer.
    if (status < 200) return;
    const { url, maxBodyBytes } = this.#facts;
    this.#status = status;
    this.#statusText = statusText;
    this.#headers = nodeHeaders(headers);
    const refusal = whyRefused({ status, headers: this.#headers }, url, maxBodyBytes);
    if (refusal !== undefined) this.fail(refusal);
    // Its body is read, since the connection may be used again, but not waited for, since it may never end.
    else if (redirectOrigin(status, this.#headers.location, url) !== undefined) this.#resolve(Buffer.alloc(0));
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.#isSettled) return;
    const { maxBodyBytes } = this.#facts;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > maxBodyBytes) this.fail(tooLarge(maxBodyBytes));
  }

  onResponseEnd(): void {
    const farewell = whyStale({ status: this.#status, headers: this.#headers }, this.#isReused);
    this.#facts.connection.answers += 1;
    this.#isComplete = true;
    if (farewell !== undefined) this.fail(farewell);
    else if (!this.#isSettled) this.#resolve(this.#body());
  }

  onResponseError(_: unknown, error: Error): void {
    if (!this.#isSettled) this.fail(this.#describe(error));
  }

  /** Whether its answer has come to its end, so that the connection can be used again. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** What is wrong with the bytes that came together with the end of the answer: whose they are, nobody can tell. */
  get flaw(): RequestError | undefined {
    const error = this.#facts.connection.socket?.errored;
    return error?.message === 'bad response' ? describeError('HPE_INVALID') : undefined;
  }

  #resolve(body: Buffer): void {
    this.#isSettled = true;
    const { connection, url } = this.#facts;
    const { socket } = connection;
    const [status, statusText, headers] = [this.#status, this.#statusText, this.#headers];
    this.#settle.resolve({ status, statusText, headers, body, url, dropConnection: () => void socket?.destroy() });
  }

  /** Ends it with an error, unless it has ended. */
  fail(error: RequestError): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#chunks = [];
    if (this.#status > 0 && !error.isStale) error.status ??= this.#status;
    this.#settle.reject(error);
  }

  #body(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
  }

  /** Whether it went out on a connection kept from an earlier request, which undici has not opened again meanwhile. */
  get #isReused(): boolean {
    return this.#kept !== undefined && this.#kept === this.#facts.connection.socket;
  }

  #describe(error: Error): RequestError {
    // A limit of the agents'.
    if (error instanceof RequestError) return error;
    if (error.message === 'bad upgrade') return badAnswer('UPGRADE', 'server switched to another protocol');
    const code = this.#facts.connection.tlsAlert ?? tlsCodeOf(error) ?? nodeCodeOf(error, this.#soFar());
    return describeError(code, { isStale: this.#isStale(code), isProxys: this.#facts.isProxys });
  }

  #soFar(): AnswerSoFar {
    const length = this.#headers['content-length'];
    return {
      hasBegun: this.#status > 0,
      contentLength: length === undefined ? undefined : Number(length),
      bodyBytes: this.#size,
    };
  }

  /** As `ConnectionUse` has it. */
  #isStale(code: string): boolean {
    if (!this.#isReused || this.#status > 0) return false;
    return code.startsWith('HPE_') || ((code === 'ECONNRESET' || code === 'EPIPE') && !this.#hasReceived());
  }

  /** Over TLS the farewell itself is bytes, so nothing can be said. */
  #hasReceived(): boolean {
    const socket = this.#kept;
    return socket !== undefined && !(socket instanceof TLSSocket) && socket.bytesRead > this.#bytesReadBefore;
  }
}
