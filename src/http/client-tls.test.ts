import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newAuthority } from '../testing/certificates.ts';
import { CLIENTS, failureOf, textOf } from '../testing/http-client.ts';

/** A server that says whom it takes the client for. */
async function secureServer(options: ServerOptions): Promise<string> {
  const server = createServer(options, ({ socket }, response) => {
    const { subject } = (socket as TLSSocket).getPeerCertificate();
    response.end(JSON.stringify({ client: subject?.CN ?? null }));
  });
  return `https://127.0.0.1:${await portOf(server)}/`;
}

/** Has a server listen until the test is over. */
async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe.each(CLIENTS)('$name: TLS', ({ testClient }) => {
  it("N14: accepts a server that the user's own authority vouches for, and nobody else's", async () => {
    const authority = newAuthority();
    const { cert, key } = authority.issue('server.test');
    const url = await secureServer({ cert, key });
    const client = testClient({ tls: { isVerified: true, ca: authority.cert } });
    expect(textOf(await client.send({ url }))).toBe('{"client":null}');
    for (const tls of [{ isVerified: true }, { isVerified: true, ca: newAuthority().cert }]) {
      expect(await failureOf(testClient({ tls }).send({ url }))).toMatchObject({ kind: 'network', isRetryable: false });
    }
  });

  it('shows a client certificate, its key opened by a passphrase', async () => {
    const authority = newAuthority();
    const server = authority.issue('server.test');
    const client = authority.issue('client.test', { passphrase: 'open sesame' });
    const url = await secureServer({ ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    const tls = { isVerified: true, ca: authority.cert };
    const { cert: certificate, key } = client;
    const known = testClient({ tls: { ...tls, certificate, key, passphrase: 'open sesame' } });
    expect(textOf(await known.send({ url }))).toBe('{"client":"client.test"}');
  });

  it.each([
    [
      'TLSv1.2',
      'server refused TLS; it may demand a client certificate, see tls_certificate_file (TLS_ALERT_HANDSHAKE_FAILURE)',
    ],
    ['TLSv1.3', 'server demands a client certificate, see tls_certificate_file (TLS_ALERT_CERTIFICATE_REQUIRED)'],
  ] as const)(
    'N14: says that a client certificate is demanded where none is shown, with %s',
    async (maxVersion, words) => {
      const authority = newAuthority();
      const server = authority.issue('server.test');
      const demands = { ca: authority.cert, requestCert: true, rejectUnauthorized: true };
      const url = await secureServer({ ...server, ...demands, maxVersion });
      const client = testClient({ tls: { isVerified: true, ca: authority.cert } });
      for (const request of [{ url }, { url, method: 'POST', body: '{}' }]) {
        expect((await failureOf(client.send(request))).message).toBe(words);
      }
    },
  );

  it('N14: refuses a certificate for another host, and one that has expired', async () => {
    const authority = newAuthority();
    const client = testClient({ tls: { isVerified: true, ca: authority.cert } });
    const other = await secureServer(authority.issue('other.test', { isForHere: false }));
    expect((await failureOf(client.send({ url: other }))).message).toBe(
      'certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
    );
    const expired = await secureServer(authority.issue('old.test', { isExpired: true }));
    expect((await failureOf(client.send({ url: expired }))).message).toBe('certificate has expired (CERT_HAS_EXPIRED)');
  });

  it('says that a server speaks no TLS', async () => {
    const server = createPlainServer((_request, response) => response.end('{}'));
    const port = await portOf(server);
    expect(await failureOf(testClient().send({ url: `https://127.0.0.1:${port}/` }))).toMatchObject({
      message: 'server speaks no TLS; its URL may begin with http:// (ERR_SSL_WRONG_VERSION_NUMBER)',
    });
  });

  it('verifies nothing where the settings say so by name, and still sends to that server alone', async () => {
    const { cert, key } = newAuthority();
    const url = await secureServer({ cert, key });
    expect(textOf(await testClient({ tls: { isVerified: false } }).send({ url }))).toBe('{"client":null}');
  });

  it('N15: verifies whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { cert, key } = newAuthority();
    const url = await secureServer({ cert, key });
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    onTestFinished(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    });
    expect(await failureOf(testClient().send({ url }))).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});
