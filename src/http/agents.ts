import http from 'node:http';
import https from 'node:https';
import { type Duplex, PassThrough } from 'node:stream';
import type { ClientSettings } from './client-settings.ts';
import { type ConnectLimit, connectLimitOf } from './connect-limit.ts';
import { type HttpProxy, openTunnel, parseProxy } from './proxy.ts';
import { type TlsOptions, tlsOptionsOf } from './tls.ts';

/** An agent for each of the two schemes. */
export interface AgentPair {
  /** To the proxy itself, where there is one. */
  readonly http: http.Agent;
  /** Made when it is first asked for: all that TLS needs takes 12 ms to load. */
  readonly https: https.Agent;
  /** Closes the connections that they keep. */
  destroy(): void;
}

export type AgentSettings = Pick<ClientSettings, 'connectTimeoutMs' | 'timeoutMs' | 'maxSockets' | 'tls' | 'proxy'>;

/**
 * Two pairs: `kept` keeps connections open for the next request, `fresh` opens one for each request. `tls` is what a
 * connection needs that is not made for one of Node's requests.
 */
export function createAgents(settings: AgentSettings): { kept: AgentPair; fresh: AgentPair; tls: TlsOptions } {
  const { maxSockets, proxy } = settings;
  const parts = {
    limit: connectLimitOf(settings),
    tls: tlsOptionsOf(settings.tls),
    proxy: proxy === undefined ? undefined : parseProxy(proxy),
  };
  return {
    kept: createPair(parts, { keepAlive: true, maxFreeSockets: maxSockets, scheduling: 'lifo' }),
    fresh: createPair(parts, { keepAlive: false }),
    tls: parts.tls,
  };
}

interface AgentParts {
  limit: ConnectLimit;
  tls: TlsOptions;
  proxy: HttpProxy | undefined;
}

function createPair(parts: AgentParts, options: http.AgentOptions): AgentPair {
  const plain = createPlain(parts, options);
  let secure: https.Agent | undefined;
  return {
    http: plain,
    get https() {
      secure ??= createSecure(parts, options);
      return secure;
    },
    destroy: () => {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/** A proxy's own certificate is verified as a server's is. */
function createPlain({ limit, tls, proxy }: AgentParts, options: http.AgentOptions): http.Agent {
  const agent = proxy?.isSecure ? new https.Agent({ ...options, ...tls }) : new http.Agent(options);
  limitConnecting(agent, proxy?.isSecure ? 'secureConnect' : 'connect', limit);
  return agent;
}

function createSecure({ limit, tls, proxy }: AgentParts, options: http.AgentOptions): https.Agent {
  const agent = new https.Agent({ ...options, ...tls });
  if (proxy === undefined) limitConnecting(agent, 'secureConnect', limit);
  else tunnelConnecting(agent, proxy, tls, limit);
  return agent;
}

/** One timer a connection, not one a request: got's own limits would set up three for each request. */
function limitConnecting(agent: http.Agent, readyEvent: 'connect' | 'secureConnect', limit: ConnectLimit): void {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket) destroyUnlessReady(socket, readyEvent, limit);
    return socket;
  };
}

function destroyUnlessReady(socket: Duplex, readyEvent: string, limit: ConnectLimit): void {
  const timer = setTimeout(() => socket.destroy(limit.error()), limit.ms);
  const stop = () => clearTimeout(timer);
  socket.once(readyEvent, stop);
  socket.once('close', stop);
}

/** Makes connections through the proxy, and TLS with the server within them; both within one limit. */
function tunnelConnecting(agent: https.Agent, proxy: HttpProxy, tls: TlsOptions, limit: ConnectLimit): void {
  const secure = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const tooSlow = new AbortController();
    const timer = setTimeout(() => tooSlow.abort(), limit.ms);
    const target = { host: String(options.host), port: Number(options.port) };
    openTunnel(proxy, target, tls, tooSlow.signal).then(
      (tunnel) => {
        const within: https.RequestOptions & { socket: Duplex } = { ...options, socket: tunnel };
        const socket = secure(within);
        tooSlow.signal.addEventListener('abort', () => socket?.destroy(limit.error()), { once: true });
        for (const event of ['secureConnect', 'close']) socket?.once(event, () => clearTimeout(timer));
        callback?.(null, socket ?? tunnel);
      },
      (error: unknown) => {
        clearTimeout(timer);
        const cause = tooSlow.signal.aborted ? limit.error() : error;
        // Node looks at no stream beside an error.
        callback?.(cause instanceof Error ? cause : new Error(String(cause)), new PassThrough());
      },
    );
    return undefined;
  };
}
