import type { ConnectionSettings } from '../channel/protocol.ts';
import type { HttpClient } from './client.ts';
import { createGotClient } from './got-client.ts';
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

/** The client for requests to one server: of the children, of `check`, of the sign-in and of pings alike. */
export function createClient(connection: ConnectionSettings, purpose: ClientPurpose): HttpClient {
  const { proxies, ...limits } = connection;
  const { url, headers, maxSockets, maxBodyBytes = MAX_BODY_BYTES } = purpose;
  return createGotClient({ ...limits, headers, maxSockets, maxBodyBytes, proxy: proxies[new URL(url).origin] });
}
