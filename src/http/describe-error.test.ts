import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it.each([
    ['ECONNREFUSED', 'network', true, 'connection refused (ECONNREFUSED)'],
    ['ENOTFOUND', 'network', true, 'host name not found (ENOTFOUND)'],
    ['ETIMEDOUT', 'timeout', true, 'connection timed out (ETIMEDOUT)'],
    ['CERT_HAS_EXPIRED', 'network', false, 'certificate has expired (CERT_HAS_EXPIRED)'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'network',
      false,
      'certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    ['CERT_SIGNATURE_FAILURE', 'network', false, 'certificate not accepted (CERT_SIGNATURE_FAILURE)'],
    ['EPROTO', 'network', true, 'TLS failed (EPROTO)'],
    ['ERR_SSL_NO_CIPHER_MATCH', 'network', true, 'TLS failed (ERR_SSL_NO_CIPHER_MATCH)'],
    ['TLS_ALERT_UNKNOWN_CA', 'network', false, 'server does not accept the client certificate (TLS_ALERT_UNKNOWN_CA)'],
    ['HPE_INVALID_CHUNK_SIZE', 'bad_answer', false, 'answer is not HTTP (HPE_INVALID_CHUNK_SIZE)'],
    ['ERR_INVALID_CHAR', 'network', false, 'request not valid (ERR_INVALID_CHAR)'],
    ['EWHATEVER', 'network', true, 'request failed (EWHATEVER)'],
  ])('takes %s for %s, worth another attempt: %s', (code, kind, isRetryable, message) => {
    expect(describeError(code)).toMatchObject({ kind, isRetryable, message, code, isStale: false });
  });
});
