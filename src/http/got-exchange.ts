import type { ClientRequest } from 'node:http';
import { type Request as GotStream, type PlainResponse, TimeoutError } from 'got';
import { type Answer, RequestError, timeoutError } from './client.ts';
import { ConnectionUse } from './connection-use.ts';
import { describeError } from './describe-error.ts';
import { codeOf } from './error-code.ts';
import { H2Use, type TakenSession } from './h2-use.ts';
import { badAnswer, whyRefused, whyStale } from './refusal.ts';
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
      this.fail(badAnswer('UPGRADE', 'server switched to another protocol'));
    });
  }

  #begin(response: PlainResponse): void {
    this.#response = response;
    const { statusCode: status, headers, url } = response;
    const refusal = whyRefused({ status, headers }, url, this.#limits.maxBodyBytes);
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
    const use = this.#use;
    const farewell = whyStale({ status, headers }, use?.isReused ?? false);
    if (farewell !== undefined) this.#settle.reject(farewell);
    else this.#settle.resolve({ status, statusText, headers, body, url, dropConnection: () => use?.drop() });
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
    if (error instanceof TimeoutError) return timeoutError(this.#limits.timeoutMs);
    // A limit of the agents', which Node and got hand on in their own errors.
    if (error.cause instanceof RequestError) return error.cause;
    const code = this.#codeOf(error);
    return describeError(code, { isStale: this.#use?.isStale(code) ?? false, isProxys: this.#limits.isProxys });
  }

  /** Over HTTP/2 got's error for a stream that was lost with its session bears no code of its own. */
  #codeOf(error: Error): string {
    const code = codeOf(error);
    return this.#limits.session !== undefined && code === 'ERR_GOT_REQUEST_ERROR' ? 'ECONNRESET' : code;
  }
}
