import type { TlsSettings } from '../channel/protocol.ts';

/** What all requests of a client have in common; plain values, whatever library makes the requests. */
export interface ClientSettings {
  headers: Record<string, string>;
  /** Limit for one attempt, from its start to the last byte of its answer, redirects included. */
  timeoutMs: number;
  /** Limit for a new connection: name, TCP and TLS together, and the proxy's part where there is one. */
  connectTimeoutMs: number;
  /** Limit for a body, as it is sent and as it is unpacked. */
  maxBodyBytes: number;
  /** Connections kept open for the next request; the caller limits how many requests are under way. */
  maxSockets: number;
  /** 2: HTTP/2 over TLS with servers that speak it; 1, or nothing: HTTP/1.1. */
  httpVersion?: number;
  tls: TlsSettings;
  /** The proxy by which requests go, `http://` or `https://`, with its user name and password where it wants them. */
  proxy?: string | undefined;
}
