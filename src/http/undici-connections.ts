import type http from 'node:http';
import { isIP, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { buildConnector } from 'undici';
import { type AgentPair, createAgents } from './agents.ts';
import type { ClientSettings } from './client-settings.ts';
import { tlsAlertOf } from './error-code.ts';
import { type HttpProxy, parseProxy } from './proxy.ts';
import type { TlsOptions } from './tls.ts';
import { Client } from './undici-class.ts';

type Done = buildConnector.Callback;
/** Makes a connection; gives the socket where there is one to be destroyed before it is ready. */
type Open = (options: buildConnector.Options, done: Done) => Duplex | undefined;

/** As Node's agents have them. */
const TCP_OPTIONS = { noDelay: true, keepAlive: true };

/** As long as servers may: who closes an idle connection is not us, as with got. */
const KEEP_ALIVE_MS = 600_000;

/** One connection at a time to an origin, opened again where it was closed. */
export class Connection {
  readonly client: Client;
  /** The last one that was opened. */
  socket: Socket | undefined;
  /** Answers that came on it. */
  answers = 0;
  /** What the server said against our certificate, where it did: undici tells of the close that follows. */
  tlsAlert: string | undefined;
  #connecting: Duplex | undefined;

  constructor(origin: string, open: Open) {
    this.client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      // What limits a request is the limit for the attempt, which is ours.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: (options, done) => {
        this.#connecting = open(options, this.#noting(done));
      },
    });
  }

  /** Closes it, whatever is under way on it. */
  destroy(error?: Error): void {
    this.#connecting?.destroy();
    // The answer to what was under way is told to whoever waits for it.
    void this.client.destroy(error ?? null);
  }

  #noting(done: Done): Done {
    return (...result) => {
      const [, socket] = result;
      this.#connecting = undefined;
      this.socket = socket ?? undefined;
      this.answers = 0;
      this.tlsAlert = undefined;
      socket?.once('error', (error) => {
        this.tlsAlert = tlsAlertOf(error);
      });
      done(...result);
    };
  }
}

/**
 * The connections of a client: the one that was used last is used next, so that those that are not needed stay idle. How
 * they are made (time limit, TLS, proxy) is the agents' part, as it is for got.
 */
export class Connections {
  readonly #maxIdle: number;
  readonly #agents: AgentPair;
  readonly #tls: TlsOptions;
  readonly #proxy: HttpProxy | undefined;
  readonly #idle = new Map<string, Connection[]>();
  readonly #all = new Set<Connection>();

  constructor(settings: ClientSettings) {
    this.#maxIdle = settings.maxSockets;
    const { fresh, tls } = createAgents(settings);
    this.#agents = fresh;
    this.#tls = tls;
    this.#proxy = settings.proxy === undefined ? undefined : parseProxy(settings.proxy);
  }

  /** One that is idle, or a new one. */
  take(origin: string): Connection {
    return this.#idle.get(origin)?.pop() ?? this.open(origin);
  }

  open(origin: string): Connection {
    const connection = new Connection(origin, (options, done) => this.#connect(options, done));
    this.#all.add(connection);
    return connection;
  }

  giveBack(origin: string, connection: Connection): void {
    const idle = this.#idle.get(origin);
    if (idle === undefined) this.#idle.set(origin, [connection]);
    else if (idle.length < this.#maxIdle) idle.push(connection);
    else this.discard(connection);
  }

  discard(connection: Connection, error?: Error): void {
    this.#all.delete(connection);
    connection.destroy(error);
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#idle.clear();
  }

  #connect({ hostname, port, protocol, servername }: buildConnector.Options, done: Done): Duplex | undefined {
    const isSecure = protocol === 'https:';
    // What is secured goes through a tunnel, which is the agent's part.
    const proxy = isSecure ? undefined : this.#proxy;
    const host = proxy?.host ?? hostname;
    const to = {
      ...this.#tls,
      ...TCP_OPTIONS,
      host,
      port: proxy?.port ?? Number(port || (isSecure ? 443 : 80)),
      servername: (proxy === undefined && servername) || (isIP(host) === 0 ? host : ''),
    };
    const isTls = isSecure || proxy?.isSecure;
    return openBy(isSecure ? this.#agents.https : this.#agents.http, to, isTls ? 'secureConnect' : 'connect', done);
  }
}

interface Target extends TlsOptions {
  host: string;
  port: number;
  servername: string;
}

function openBy(agent: http.Agent, to: Target, readyEvent: string, done: Done): Duplex | undefined {
  let isBegun = false;
  const begin = (socket: Duplex) => {
    if (isBegun) return;
    isBegun = true;
    const fail = (error: Error) => done(error, null);
    socket.once('error', fail);
    socket.once(readyEvent, () => {
      socket.off('error', fail);
      if (socket instanceof Socket) done(null, socket);
      else fail(new Error('not a socket'));
    });
  };
  // Some agents give the socket, some call back, and for some the callback is what to call when it is connected.
  const socket = agent.createConnection(to, (error, tunnelled) => {
    if (error) done(error, null);
    else if (tunnelled !== undefined) begin(tunnelled);
  });
  if (socket) begin(socket);
  return socket ?? undefined;
}
