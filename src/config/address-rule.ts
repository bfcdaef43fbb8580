import { isIPv6 } from 'node:net';

/** Where a server listens. */
export interface ListenAddress {
  host: string;
  /** 0 is any that is free. */
  port: number;
}

const LOOPBACK = '127.0.0.1';
const HOST = /^[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?$/i;

/** `9464` and `:9464` are on this machine only; another address has to be named: `0.0.0.0:9464`, `[::1]:9464`. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  const host = plain || LOOPBACK;
  return HOST.test(host) ? { host, port } : undefined;
}
