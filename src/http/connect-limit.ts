import { RequestError, timeoutError } from './client.ts';
import type { ClientSettings } from './client-settings.ts';

/** How long a connection may take until it is ready, in milliseconds, and the error of one that takes longer. */
export interface ConnectLimit {
  ms: number;
  error(): RequestError;
}

/**
 * The limit for connecting, or that for the whole attempt where it is shorter: what is waiting for a connection that a
 * promise makes (a tunnel, a session) is beyond the reach of got's own limit until that is there.
 */
export function connectLimitOf(settings: Pick<ClientSettings, 'connectTimeoutMs' | 'timeoutMs'>): ConnectLimit {
  const { connectTimeoutMs, timeoutMs } = settings;
  if (timeoutMs <= connectTimeoutMs) return { ms: timeoutMs, error: () => timeoutError(timeoutMs) };
  return { ms: connectTimeoutMs, error: () => tooSlow(connectTimeoutMs) };
}

const tooSlow = (limitMs: number): RequestError =>
  new RequestError('timeout', 'ECONNECTTIMEOUT', `no connection within ${limitMs / 1000} s`);
