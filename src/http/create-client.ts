import { type ConnectionSettings, HTTP_CLIENTS, type HttpClientName } from '../channel/protocol.ts';
import type { Answer, HttpClient, HttpRequest, SendOptions } from './client.ts';
import type { ClientSettings } from './client-settings.ts';
import { MAX_BODY_BYTES } from './limits.ts';

/** Whom a client asks, and what its requests have in common. */
export interface ClientPurpose {
  /** A URL of the server, with placeholders or without: they are never in its host. */
  url: string;
  headers: Record<string, string>;
  /** Connections kept open for the next request. */
  maxSockets: number;
  /** Limit for the body of an answer, where it is not the usual one. */
  maxBodyBytes?: number;
}

/** Each library is loaded only where it is the one: either takes its share of the start and of the memory. */
const LOADERS: Readonly<Record<HttpClientName, () => Promise<(settings: ClientSettings) => HttpClient>>> = {
  got: async () => (await import('./got-client.ts')).createGotClient,
  undici: async () => (await import('./undici-client.ts')).createUndiciClient,
};

/** Loads the library that has this name, if one has, so that it is there when its client is wanted; does not reject. */
export async function preloadClient(name: string | undefined): Promise<void> {
  const known = HTTP_CLIENTS.find((each) => each === name);
  // Where it cannot be loaded, whoever makes a request hears of it.
  if (known !== undefined) await LOADERS[known]().catch(() => {});
}

/** The client for requests to one server: of the children, of `check`, of the sign-in and of pings alike. */
export function createClient(connection: ConnectionSettings, purpose: ClientPurpose): HttpClient {
  const { proxies, httpClient = 'got', ...limits } = connection;
  const { url, headers, maxSockets, maxBodyBytes = MAX_BODY_BYTES } = purpose;
  const proxy = proxies[new URL(url).origin];
  return new LateClient(
    LOADERS[httpClient]().then((create) => create({ ...limits, headers, maxSockets, maxBodyBytes, proxy })),
  );
}

/** A client that may still be on its way when it is first asked. */
class LateClient implements HttpClient {
  readonly #coming: Promise<HttpClient>;
  #client: HttpClient | undefined;

  constructor(coming: Promise<HttpClient>) {
    this.#coming = coming.then((client) => {
      this.#client = client;
      return client;
    });
    // Whoever sends hears of it; where nobody does, there is nobody to tell.
    this.#coming.catch(() => {});
  }

  send(request: HttpRequest, options?: SendOptions): Promise<Answer> {
    return this.#client?.send(request, options) ?? this.#coming.then((client) => client.send(request, options));
  }

  close(): void {
    this.#coming.then(
      (client) => client.close(),
      () => {},
    );
  }
}
