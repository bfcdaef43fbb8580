import { RequestError, type RequestErrorKind } from './client.ts';

interface Description {
  kind: RequestErrorKind;
  words: string;
  isRetryable: boolean;
}

const network = (words: string, isRetryable = true): Description => ({ kind: 'network', words, isRetryable });
const badAnswer = (words: string): Description => ({ kind: 'bad_answer', words, isRetryable: false });

/** Words for the codes of Node, OpenSSL and got. Error messages are not used: they may quote what was sent or received. */
const DESCRIPTIONS: ReadonlyMap<string, Description> = new Map([
  ['ECONNREFUSED', network('connection refused')],
  ['ECONNRESET', network('connection closed before the answer was complete')],
  ['EPIPE', network('connection closed while the request was sent')],
  ['ENOTFOUND', network('host name not found')],
  ['EAI_AGAIN', network('host name could not be looked up')],
  ['EHOSTUNREACH', network('host not reachable')],
  ['ENETUNREACH', network('network not reachable')],
  ['ENETDOWN', network('network down')],
  ['EADDRNOTAVAIL', network('no local port free')],
  ['EMFILE', network('too many files open in this process')],
  ['ENFILE', network('too many files open on this machine')],
  ['ETIMEDOUT', { kind: 'timeout', words: 'connection timed out', isRetryable: true }],
  ['EPROTO', network('TLS failed')],
  ['ERR_SSL_WRONG_VERSION_NUMBER', network('server speaks no TLS; its URL may begin with http://')],
  ['ERR_HTTP_CONTENT_LENGTH_MISMATCH', network('answer shorter than its Content-Length')],
  ['HPE_INVALID_EOF_STATE', network('connection closed before the answer was complete')],
  ['HPE_HEADER_OVERFLOW', badAnswer('answer with too large headers')],
  ['ERR_TOO_MANY_REDIRECTS', badAnswer('redirected too many times')],
  ['CERT_HAS_EXPIRED', network('certificate has expired', false)],
  ['CERT_NOT_YET_VALID', network('certificate is not valid yet', false)],
  ['CERT_REVOKED', network('certificate was revoked', false)],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', network('certificate is self-signed', false)],
  ['SELF_SIGNED_CERT_IN_CHAIN', network('certificate chain ends in an unknown authority', false)],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', network('certificate of an unknown authority', false)],
  ['UNABLE_TO_GET_ISSUER_CERT', network('certificate of an unknown authority', false)],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', network('certificate of an unknown authority', false)],
  ['ERR_TLS_CERT_ALTNAME_INVALID', network('certificate is for another host', false)],
  ['TLS_ALERT_CERTIFICATE_REQUIRED', network('server demands a client certificate, see tls_certificate_file', false)],
  // Before TLS 1.3 there was no alert of its own for that.
  [
    'TLS_ALERT_HANDSHAKE_FAILURE',
    network('server refused TLS; it may demand a client certificate, see tls_certificate_file'),
  ],
]);

/** What went wrong on a connection, to a server or to a proxy, by its code, as the error that callers see. */
export function describeError(code: string, { isStale = false, isProxys = false } = {}): RequestError {
  const { kind, words, isRetryable } = DESCRIPTIONS.get(code) ?? describeFamily(code);
  return new RequestError(kind, code, isProxys ? `proxy: ${words}` : words, { isStale, isRetryable });
}

function describeFamily(code: string): Description {
  if (code.startsWith('HPE_')) return badAnswer('answer is not HTTP');
  if (code.startsWith('TLS_ALERT_')) return network('server does not accept the client certificate', false);
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return network('TLS failed');
  if (/CERT|_CRL_|_SIGNATURE/.test(code)) return network('certificate not accepted', false);
  // Node refuses to send it: a header or an address that can never work.
  if (code.startsWith('ERR_INVALID_') || code === 'ERR_UNESCAPED_CHARACTERS')
    return network('request not valid', false);
  return network('request failed');
}
