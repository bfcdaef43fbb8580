import { describe, expect, it } from 'vitest';
import { codeOf } from './error-code.ts';

const errorOf = (message: string, code?: string): Error => Object.assign(new Error(message), code && { code });
const openssl = (words: string, number: number) =>
  `40F7:error:0A00:SSL routines:ssl3_read_bytes:${words}:../ssl/record/rec_layer_s3.c:918:SSL alert number ${number}\n`;

describe('codeOf', () => {
  it.each([
    ['by a read', openssl('tlsv1 alert unknown ca', 48), 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'UNKNOWN_CA'],
    ['by a write', `write EPROTO ${openssl('sslv3 alert handshake failure', 40)}`, 'EPROTO', 'HANDSHAKE_FAILURE'],
    [
      'by a newer OpenSSL',
      openssl('ssl/tls alert bad certificate', 42),
      'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
      'BAD_CERTIFICATE',
    ],
  ])('names an alert that was met %s by its number', (_how, message, code, name) => {
    expect(codeOf(errorOf(message, code))).toBe(`TLS_ALERT_${name}`);
  });

  it.each([
    [
      'an alert that says nothing of certificates',
      openssl('tlsv1 alert internal error', 80),
      'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
    ],
    ['another TLS error', 'write EPROTO 40F7:error:0A0000C6:SSL routines::packet length too long:', 'EPROTO'],
    ['another error, whatever its message says', openssl('certificate required', 116), 'ECONNRESET'],
  ])("leaves Node's code to %s", (_what, message, code) => {
    expect(codeOf(errorOf(message, code))).toBe(code);
  });

  it('has a word for an error without a code', () => {
    expect(codeOf(errorOf('it broke'))).toBe('UNKNOWN');
  });
});
