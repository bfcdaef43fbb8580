import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import type { ListenAddress } from '../config/address-rule.ts';
import { isExpectedHost } from './expected-host.ts';

/** What stands at a path. */
export interface Resource {
  contentType: string;
  /** Made anew for each request, but not more often than once a second: whoever asks more often gets what was made last. */
  make(): Promise<string>;
}

/** Who connects gets little of us: a few connections, short headers, seconds to say what is wanted and to take it. */
const MAX_CONNECTIONS = 32;
const SERVER_LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const IDLE_LIMIT_MS = 10_000;
const FRESH_MS = 1_000;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Serves a few resources to read, and nothing else, to whoever names this machine. It keeps no process alive. */
export class StatusServer {
  readonly #server: Server;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #made = new Map<string, { at: number; text: Promise<string> }>();
  #listeningAt = '';

  constructor(resources: ReadonlyMap<string, Resource>, limits: Partial<typeof SERVER_LIMITS> = {}) {
    this.#resources = resources;
    this.#server = createServer(
      { ...SERVER_LIMITS, ...limits },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.setTimeout(IDLE_LIMIT_MS);
  }

  /** Resolves with the URL at which it listens; rejects where the address is taken or not this machine's. */
  async listen({ host, port }: ListenAddress): Promise<string> {
    this.#listeningAt = host;
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    // From here on whatever goes wrong with it costs who looks, not the run.
    this.#server.on('error', () => {});
    this.#server.unref();
    const address = this.#server.address();
    const actual = address === null || typeof address === 'string' ? port : address.port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`;
  }

  /** Ends all connections at once. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '', headers } = request;
    // Nobody has a body to send here: it is not waited for.
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      response.shouldKeepAlive = false;
    }
    if (!isExpectedHost(headers.host, this.#listeningAt, hostname())) {
      return refuse(response, 421, 'this host name is not served here');
    }
    if (method !== 'GET' && method !== 'HEAD') {
      return refuse(response.setHeader('allow', 'GET, HEAD'), 405, 'only GET and HEAD are answered here');
    }
    const path = url.replace(/\?.*$/s, '');
    const resource = this.#resources.get(path);
    if (resource === undefined) return refuse(response, 404, `here are: ${[...this.#resources.keys()].join(' ')}`);
    try {
      const body = Buffer.from(await this.#fresh(path, resource));
      response.writeHead(200, { ...HEADERS, 'content-type': resource.contentType, 'content-length': body.length });
      response.end(method === 'HEAD' ? undefined : body);
    } catch {
      refuse(response, 500, 'not to be had just now'); // What is wrong stands in the run's own log where it matters.
    }
  }

  #fresh(path: string, resource: Resource): Promise<string> {
    const made = this.#made.get(path);
    const now = performance.now();
    if (made !== undefined && now - made.at < FRESH_MS) return made.text;
    const text = resource.make();
    this.#made.set(path, { at: now, text });
    return text;
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${why}\n`);
}
