import {
  type Answer,
  abortError,
  type HttpClient,
  type HttpRequest,
  type RequestError,
  type SendOptions,
  timeoutError,
} from './client.ts';
import type { ClientSettings } from './client-settings.ts';
import { describeError } from './describe-error.ts';
import { parseProxy } from './proxy.ts';
import { MAX_REDIRECTS, redirectTarget } from './redirect.ts';
import { sharedHeaders } from './shared-headers.ts';
import { splitUrl } from './split-url.ts';
import { type Connection, Connections } from './undici-connections.ts';
import { UndiciExchange } from './undici-exchange.ts';
import { unpackAnswer } from './unpack.ts';

/** A client that makes its requests with undici: less than half of what got takes, and the same for whoever uses it. */
export const createUndiciClient = (settings: ClientSettings): HttpClient => new UndiciClient(settings);

class UndiciClient implements HttpClient {
  readonly #settings: ClientSettings;
  readonly #connections: Connections;
  readonly #headers: Readonly<Record<string, string>>;
  /** For requests without headers of their own; undici walks a list with less effort than an object. */
  readonly #headerList: string[];
  readonly #isProxied: boolean;
  readonly #proxyHeaders: Readonly<Record<string, string>>;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#connections = new Connections(settings);
    this.#headers = sharedHeaders(settings.headers);
    this.#headerList = Object.entries(this.#headers).flat();
    this.#isProxied = settings.proxy !== undefined;
    const authorization = settings.proxy === undefined ? undefined : parseProxy(settings.proxy).authorization;
    this.#proxyHeaders = authorization === undefined ? {} : { 'proxy-authorization': authorization };
  }

  async send(request: HttpRequest, { signal, freshConnection = false }: SendOptions = {}): Promise<Answer> {
    if (signal?.aborted) throw abortError();
    const { timeoutMs, maxBodyBytes } = this.#settings;
    const attempt = new Attempt();
    const timer = setTimeout(() => attempt.fail(timeoutError(timeoutMs)), timeoutMs);
    const abort = () => attempt.fail(abortError());
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const first = this.#finish(await this.#begin(request, freshConnection, attempt), attempt);
      const target = redirectTarget(first.status, first.headers.location, request.url);
      const answer = target === undefined ? first : await this.#follow(request, first, freshConnection, attempt);
      // Nearly all are as they came: waiting for what is there costs as much as for what is not.
      const unpacked = unpackAnswer(answer, maxBodyBytes);
      return unpacked instanceof Promise ? await unpacked : unpacked;
    } catch (error) {
      const { underWay } = attempt;
      if (underWay !== undefined) this.#connections.discard(underWay.connection);
      throw error;
    } finally {
      clearTimeout(timer);
      attempt.end();
      signal?.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.#connections.close();
  }

  /** Where an answer sends it on to it asks there; elsewhere than at the same origin it is refused. */
  async #follow(first: Step, sentOn: Answer, isFresh: boolean, attempt: Attempt): Promise<Answer> {
    let [request, answer] = [first, sentOn];
    for (let redirects = 0; ; redirects += 1) {
      const { status, headers } = answer;
      const target = redirectTarget(status, headers.location, request.url);
      if (target === undefined) return answer;
      if (redirects === MAX_REDIRECTS) throw Object.assign(describeError('ERR_TOO_MANY_REDIRECTS'), { status });
      request = redirected(request, status, target);
      answer = this.#finish(await this.#begin(request, isFresh, attempt), attempt);
    }
  }

  /** Sends a request; what comes of it is for `#finish`. */
  #begin(step: Step, isFresh: boolean, attempt: Attempt): Promise<Answer> {
    const { url, method = 'GET', headers, body, hasLostBody = false } = step;
    const { origin, path } = splitUrl(url);
    const isProxys = this.#isProxied && origin.startsWith('http:');
    const connection = isFresh ? this.#connections.open(origin) : this.#connections.take(origin);
    const { maxBodyBytes } = this.#settings;
    const exchange = new UndiciExchange({ connection, url, maxBodyBytes, isProxys });
    attempt.begin({ exchange, connection, origin, isFresh });
    const sent = {
      path: isProxys ? origin + path : path,
      method,
      headers: headers === undefined && !isProxys && !hasLostBody ? this.#headerList : this.#headersOf(step, isProxys),
      body: body ?? null,
      reset: isFresh,
    };
    connection.client.dispatch(sent, exchange);
    return exchange.answer;
  }

  /** An answer has come: its connection is free again once all of it has. */
  #finish(answer: Answer, attempt: Attempt): Answer {
    const { underWay } = attempt;
    if (underWay === undefined) throw new Error('an answer came to no request');
    if (underWay.exchange.flaw !== undefined) throw underWay.exchange.flaw;
    attempt.underWay = undefined;
    if (underWay.exchange.isComplete) this.#letGo(underWay);
    else attempt.onEnd(() => this.#letGo(underWay));
    return answer;
  }

  #letGo({ exchange, connection, origin, isFresh }: UnderWay): void {
    if (isFresh || !exchange.isComplete) this.#connections.discard(connection);
    else this.#connections.giveBack(origin, connection);
  }

  #headersOf({ headers, hasLostBody = false }: Step, isProxys: boolean): Record<string, string> {
    const all = { ...this.#headers, ...headers, ...(isProxys && this.#proxyHeaders) };
    return hasLostBody ? withoutBodyHeaders(all) : all;
  }
}

/** A request, or what a redirect has made of it. */
interface Step extends HttpRequest {
  /** What says what the body is goes with it. */
  hasLostBody?: boolean;
}

/** A request on its connection. */
interface UnderWay {
  exchange: UndiciExchange;
  connection: Connection;
  origin: string;
  isFresh: boolean;
}

/** What is under way for one attempt: one exchange after the other, where redirects lead on. */
class Attempt {
  /** Undefined between two of them, and where the last one has ended well. */
  underWay: UnderWay | undefined;
  #error: RequestError | undefined;
  readonly #left: (() => void)[] = [];

  begin(underWay: UnderWay): void {
    this.underWay = underWay;
    if (this.#error !== undefined) underWay.exchange.fail(this.#error);
  }

  /** What is left to do when it is over. */
  onEnd(act: () => void): void {
    this.#left.push(act);
  }

  end(): void {
    for (const act of this.#left) act();
  }

  fail(error: RequestError): void {
    this.#error ??= error;
    this.underWay?.exchange.fail(error);
  }
}

const BODY_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'content-language']);

/**
 * As got does: only 303 makes a GET of it (RFC 9110, section 15.4.4). 301 and 302 may, and browsers do, but the customer may
 * stand in the body.
 */
function redirected(step: Step, status: number, url: string): Step {
  const { method = 'GET', headers = {} } = step;
  return status !== 303 || method === 'GET' ? { ...step, url } : { url, headers, hasLostBody: true };
}

const withoutBodyHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !BODY_HEADERS.has(name)));
