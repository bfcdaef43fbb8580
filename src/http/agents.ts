import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { RequestError } from './client.ts';

/** An agent for each of the two schemes, as got takes them. */
export interface AgentPair {
  http: http.Agent;
  https: https.Agent;
}

interface AgentSettings {
  /** Limit for a connection to be ready for use: name, TCP and TLS together. */
  connectTimeoutMs: number;
  /** Connections kept open between requests; whoever makes requests limits how many are in use. */
  maxFreeSockets: number;
}

/** Agents that keep connections open for the next request. */
export const createKeepAliveAgents = (settings: AgentSettings): AgentPair =>
  createPair(settings, { keepAlive: true, maxFreeSockets: settings.maxFreeSockets, scheduling: 'lifo' });

/** Agents that open a connection for each request. */
export const createFreshAgents = (settings: Pick<AgentSettings, 'connectTimeoutMs'>): AgentPair =>
  createPair(settings, { keepAlive: false });

function createPair(
  { connectTimeoutMs }: Pick<AgentSettings, 'connectTimeoutMs'>,
  options: http.AgentOptions,
): AgentPair {
  const pair = { http: new http.Agent(options), https: new https.Agent(options) };
  limitConnecting(pair.http, 'connect', connectTimeoutMs);
  limitConnecting(pair.https, 'secureConnect', connectTimeoutMs);
  return pair;
}

/** One timer a connection, not one a request: got's own limits would set up three for each request. */
function limitConnecting(agent: http.Agent, readyEvent: 'connect' | 'secureConnect', limitMs: number): void {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket) destroyUnlessReady(socket, readyEvent, limitMs);
    return socket;
  };
}

function destroyUnlessReady(socket: Duplex, readyEvent: string, limitMs: number): void {
  const timer = setTimeout(() => {
    socket.destroy(new RequestError('timeout', 'ECONNECTTIMEOUT', `no connection within ${limitMs / 1000} s`));
  }, limitMs);
  const stop = () => clearTimeout(timer);
  socket.once(readyEvent, stop);
  socket.once('close', stop);
}
