import type { RequestOptions } from 'node:https';
import got, { type Got, type StreamOptions } from 'got';
import { type AgentPair, createAgents } from './agents.ts';
import { type Answer, abortError, type HttpClient, type HttpRequest, type SendOptions } from './client.ts';
import type { ClientSettings } from './client-settings.ts';
import { GotExchange } from './got-exchange.ts';
import { H2Sessions } from './h2-sessions.ts';
import { leanRequestBy } from './lean-request.ts';
import { parseProxy, requestByProxy } from './proxy.ts';
import { isSameOrigin, MAX_REDIRECTS, redirectOrigin } from './redirect.ts';
import { sharedHeaders } from './shared-headers.ts';
import { unpackAnswer } from './unpack.ts';

/** A client that makes its requests with got, over connections that it keeps open. */
export function createGotClient(settings: ClientSettings): HttpClient {
  const { kept, fresh } = createAgents(settings);
  return new GotClient(settings, kept, fresh);
}

class GotClient implements HttpClient {
  readonly #settings: ClientSettings;
  readonly #agents: readonly AgentPair[];
  readonly #got: Got;
  readonly #gotFresh: Got;
  /** got's own request function knows HTTP/2. */
  readonly #gotH2: Got;
  /** Where requests go by HTTP/2, if the server speaks it. */
  readonly #sessions: H2Sessions | undefined;

  constructor(settings: ClientSettings, kept: AgentPair, fresh: AgentPair) {
    this.#settings = settings;
    this.#agents = [kept, fresh];
    this.#got = extendGot(settings, kept);
    this.#gotFresh = this.#got.extend({ request: requestOver(fresh, settings.proxy) });
    const isH2 = settings.httpVersion === 2;
    this.#gotH2 = this.#got.extend({
      request: () => undefined,
      ...(isH2 && { agent: { http: kept.http, https: kept.https } }),
    });
    this.#sessions = isH2 ? new H2Sessions(settings) : undefined;
  }

  async send(request: HttpRequest, { signal, freshConnection = false }: SendOptions = {}): Promise<Answer> {
    if (signal?.aborted) throw abortError();
    const { maxBodyBytes } = this.#settings;
    const exchange = await this.#start(request, freshConnection);
    const abort = () => exchange.fail(abortError());
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await unpackAnswer(await exchange.answer, maxBodyBytes);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async #start(request: HttpRequest, freshConnection: boolean): Promise<GotExchange> {
    const { maxBodyBytes, timeoutMs, proxy } = this.#settings;
    const isPlain = request.url.startsWith('http:');
    const limits = { maxBodyBytes, timeoutMs, isProxys: proxy !== undefined && isPlain };
    if (this.#sessions !== undefined && !isPlain) {
      const begunAtMs = performance.now();
      // A session that has failed is no longer taken, so that any is as good as a fresh one.
      const session = await this.#sessions.take(new URL(request.url).origin);
      if (session !== undefined) {
        const timeout = { request: Math.max(1, timeoutMs - (performance.now() - begunAtMs)) };
        const options = { ...optionsOf(request), h2session: session.session, timeout };
        return new GotExchange(this.#gotH2.stream(request.url, options), { ...limits, session });
      }
    }
    const stream = (freshConnection ? this.#gotFresh : this.#got).stream(request.url, optionsOf(request));
    return new GotExchange(stream, limits);
  }

  close(): void {
    this.#sessions?.close();
    for (const pair of this.#agents) pair.destroy();
  }
}

/** What differs from request to request; undefined for a bare GET, the usual case, which costs nothing then. */
function optionsOf({ method, headers, body }: HttpRequest): StreamOptions | undefined {
  if (method === undefined && headers === undefined && body === undefined) return undefined;
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { body }),
  };
}

/** What is secured goes through a tunnel, which is the agent's part. */
function requestOver(agents: AgentPair, proxyUrl: string | undefined) {
  const direct = leanRequestBy(agents);
  if (proxyUrl === undefined) return direct;
  const byProxy = requestByProxy(parseProxy(proxyUrl), agents.http);
  return (url: URL, options: RequestOptions) => (url.protocol === 'http:' ? byProxy : direct)(url, options);
}

/** Retries and unpacking are ours: got waits while it holds the slot, and unpacks without a limit. */
const extendGot = ({ headers, timeoutMs, proxy }: ClientSettings, agents: AgentPair): Got =>
  got.extend({
    request: requestOver(agents, proxy),
    headers: sharedHeaders(headers),
    timeout: { request: timeoutMs },
    retry: { limit: 0 },
    throwHttpErrors: false,
    decompress: false,
    maxRedirects: MAX_REDIRECTS,
    followRedirect: ({ statusCode, headers: { location }, url }) => {
      const origin = redirectOrigin(statusCode, location, url);
      return origin !== undefined && isSameOrigin(origin, url);
    },
  });
