import http2, { type ClientHttp2Session } from 'node:http2';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type TLSSocket } from 'node:tls';
import type { ClientSettings } from './client-settings.ts';
import { connectLimitOf } from './connect-limit.ts';
import { describeError } from './describe-error.ts';
import { codeOf } from './error-code.ts';
import type { TakenSession } from './h2-use.ts';
import { openTunnel, parseProxy } from './proxy.ts';
import { type TlsOptions, tlsOptionsOf } from './tls.ts';

/** A server may say farewell again and again just as a session is to be used. */
const MAX_TRIES = 4;

/**
 * The HTTP/2 sessions of a client to one server: one at a time carries all requests, as many at once as the server allows
 * (Node keeps the others back), and a new one takes its place when it ends. We make the connections ourselves, so that
 * the limit for connecting, the proxy and the certificates are those of HTTP/1.1.
 */
export class H2Sessions {
  readonly #settings: ClientSettings;
  readonly #tls: TlsOptions;
  #kept: Promise<ClientHttp2Session | undefined> | undefined;
  readonly #open = new Set<ClientHttp2Session>();

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#tls = tlsOptionsOf(settings.tls);
  }

  /** The session for a request to `origin`; undefined where the server speaks no HTTP/2. Rejects with a `RequestError`. */
  async take(origin: string): Promise<TakenSession | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const kept = this.#kept;
      const isReused = kept !== undefined;
      const session = await (kept ?? this.#replace(origin));
      if (session === undefined) return undefined;
      if (!session.closed && !session.destroyed) return { session, isReused };
      // Whoever comes first replaces it, and the others wait for that.
      if (kept !== undefined && this.#kept === kept) this.#kept = undefined;
    }
    throw describeError('ECONNRESET');
  }

  close(): void {
    for (const session of this.#open) session.destroy();
  }

  /** One connection for all that wait for it. */
  #replace(origin: string): Promise<ClientHttp2Session | undefined> {
    const opening = this.#connect(origin);
    this.#kept = opening;
    opening.catch(() => {
      if (this.#kept === opening) this.#kept = undefined;
    });
    return opening;
  }

  async #connect(origin: string): Promise<ClientHttp2Session | undefined> {
    const { ms, error: tooSlow } = connectLimitOf(this.#settings);
    const limit = AbortSignal.timeout(ms);
    try {
      const socket = await this.#secureSocket(new URL(origin), limit);
      if (socket.alpnProtocol === 'h2') return await this.#begin(origin, socket, limit);
      socket.destroy();
      return undefined;
    } catch (error) {
      throw limit.aborted ? tooSlow() : error;
    }
  }

  /** Not before the server has said how many streams it allows: more would be refused. */
  async #begin(origin: string, socket: TLSSocket, limit: AbortSignal): Promise<ClientHttp2Session> {
    const session = http2.connect(origin, { createConnection: () => socket, settings: { enablePush: false } });
    this.#open.add(session);
    session.on('error', () => {}); // Each request on it hears of it by itself.
    session.once('goaway', () => session.close());
    session.once('close', () => this.#open.delete(session));
    const abort = () => session.destroy();
    limit.addEventListener('abort', abort, { once: true });
    let code = 'ECONNRESET';
    // With TLS 1.3 a server's alert may come after the handshake. Node tells it of the socket alone, and leaves both open.
    socket.once('error', (error) => {
      code = codeOf(error);
      socket.destroy();
    });
    const begun = Promise.withResolvers<void>();
    session.once('remoteSettings', () => begun.resolve());
    session.once('close', () => begun.reject(describeError(code)));
    await begun.promise;
    limit.removeEventListener('abort', abort);
    return session;
  }

  /** A connection with TLS, through the proxy where there is one. */
  async #secureSocket({ hostname, port }: URL, limit: AbortSignal): Promise<TLSSocket> {
    const { proxy } = this.#settings;
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const target = { host, port: port === '' ? 443 : Number(port) };
    const tunnel = proxy === undefined ? undefined : await openTunnel(parseProxy(proxy), target, this.#tls, limit);
    return await ready(this.#startTls(target, tunnel), limit);
  }

  #startTls({ host, port }: { host: string; port: number }, tunnel: Duplex | undefined): TLSSocket {
    return tls.connect({
      ...this.#tls,
      ...(tunnel === undefined ? { host, port } : { socket: tunnel, host }),
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['h2', 'http/1.1'],
    });
  }
}

function ready(socket: TLSSocket, limit: AbortSignal): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const abort = () => socket.destroy();
  limit.addEventListener('abort', abort, { once: true });
  socket.once('secureConnect', () => {
    limit.removeEventListener('abort', abort);
    resolve(socket);
  });
  socket.once('error', (error) => reject(describeError(codeOf(error))));
  socket.once('close', () => reject(describeError('ECONNRESET')));
  return promise;
}
