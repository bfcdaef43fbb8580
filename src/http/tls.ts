import tls from 'node:tls';
import type { TlsSettings } from '../channel/protocol.ts';

/** What an agent needs for TLS. */
export interface TlsOptions {
  secureContext?: tls.SecureContext;
  rejectUnauthorized: boolean;
}

/**
 * The settings as Node's TLS takes them. A CA of the user's own stands beside those that Node trusts anyway, since the
 * token endpoint may be a public one. One context for all connections: to parse 150 certificates takes milliseconds.
 * Verification is asked for by name, so that no environment variable switches it off.
 */
export function tlsOptionsOf({ ca, certificate, key, passphrase, isVerified }: TlsSettings): TlsOptions {
  const rejectUnauthorized = isVerified;
  if (ca === undefined && certificate === undefined) return { rejectUnauthorized };
  const secureContext = tls.createSecureContext({
    ...(ca !== undefined && { ca: [...tls.getCACertificates('default'), ca] }),
    ...(certificate !== undefined && { cert: certificate, key, passphrase }),
  });
  return { secureContext, rejectUnauthorized };
}
