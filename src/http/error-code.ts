/** What servers send where they want another client certificate, or none of our handshakes at all, by its number (RFC 8446, section 6.2). */
const ALERTS: ReadonlyMap<string, string> = new Map([
  ['40', 'HANDSHAKE_FAILURE'],
  ['42', 'BAD_CERTIFICATE'],
  ['43', 'UNSUPPORTED_CERTIFICATE'],
  ['44', 'CERTIFICATE_REVOKED'],
  ['45', 'CERTIFICATE_EXPIRED'],
  ['46', 'CERTIFICATE_UNKNOWN'],
  ['48', 'UNKNOWN_CA'],
  ['49', 'ACCESS_DENIED'],
  ['116', 'CERTIFICATE_REQUIRED'],
]);

/**
 * `TLS_ALERT_…` where an error of a connection is such an alert. Node's own code for it depends on its OpenSSL and on whether
 * a write or a read met it (`EPROTO` for the former); the number in the message is the same for all.
 */
export function tlsAlertOf(error: Error | undefined): string | undefined {
  if (error === undefined || !('code' in error) || !/^(?:EPROTO$|ERR_SSL_)/.test(String(error.code))) return undefined;
  const [, number = ''] = /SSL alert number (\d+)/.exec(error.message) ?? [];
  const name = ALERTS.get(number);
  return name && `TLS_ALERT_${name}`;
}

/** The code of what TLS finds wrong, where Node's own is not the same for all: an alert, or an answer that is no TLS. */
export function tlsCodeOf(error: Error): string | undefined {
  const isPlain = 'code' in error && error.code === 'EPROTO' && error.message.includes(':wrong version number:');
  return isPlain ? 'ERR_SSL_WRONG_VERSION_NUMBER' : tlsAlertOf(error);
}

/** The code of an error of Node's, the same for whatever met it; `UNKNOWN` where it has none. */
export function codeOf(error: Error): string {
  return tlsCodeOf(error) ?? ('code' in error ? String(error.code) : 'UNKNOWN');
}
