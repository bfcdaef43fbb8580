import type { createServer as createPlainServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newAuthority } from '../testing/certificates.ts';
import { CLIENTS, failureOf, textOf } from '../testing/http-client.ts';
import { proxyServer } from '../testing/proxy-server.ts';
import { rawAnswer, rawServer } from '../testing/raw-server.ts';

const portOf = (origin: string): number => Number(new URL(origin).port);
const withCredentials = (origin: string): string => origin.replace('//', '//me:open%20sesame@');

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe.each(CLIENTS)('$name: a proxy', ({ testClient }) => {
  it('is asked with the whole URL where the server is not secured, over connections that are used again', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{}')));
    const proxy = await proxyServer({ targetPort: portOf(server.origin) });
    const client = testClient({ proxy: withCredentials(proxy.origin), headers: { 'x-own': 'yes' } });
    for (let at = 0; at < 2; at += 1) {
      expect(textOf(await client.send({ url: 'http://server.test:81/c/7?x=%2F' }))).toBe('{}');
    }
    expect(proxy.requests).toEqual(Array(2).fill('GET http://server.test:81/c/7?x=%2F'));
    expect(proxy.headers[0]).toMatchObject({
      host: 'server.test:81',
      'x-own': 'yes',
      'proxy-authorization': `Basic ${Buffer.from('me:open sesame').toString('base64')}`,
    });
    expect(proxy.connections).toBe(1);
  });

  it('makes a tunnel where the server is secured, sees nothing of the request, and its tunnels are used again', async () => {
    const authority = newAuthority();
    const { cert, key } = authority.issue('server.test');
    const seen: unknown[] = [];
    const server = createServer({ cert, key }, ({ url, headers }, response) => {
      seen.push([url, headers.authorization, headers['proxy-authorization']]);
      response.end('{}');
    });
    const proxy = await proxyServer({ targetPort: await listening(server) });
    const tls = { isVerified: true, ca: authority.cert };
    const client = testClient({ proxy: withCredentials(proxy.origin), tls, headers: { authorization: 'Bearer t' } });
    for (let at = 0; at < 2; at += 1) {
      expect(textOf(await client.send({ url: 'https://server.test/c/7' }))).toBe('{}');
    }
    expect(proxy.requests).toEqual(['CONNECT server.test:443']);
    expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': expect.stringMatching(/^Basic /) });
    expect(proxy.headers[0]).not.toHaveProperty('authorization');
    expect(seen).toEqual(Array(2).fill(['/c/7', 'Bearer t', undefined]));
    await client.send({ url: 'https://server.test/c/8' }, { freshConnection: true });
    expect(proxy.requests).toHaveLength(2);
  });

  it.each([
    [407, 'the proxy asks for other credentials (PROXY_407)', false],
    [403, 'the proxy makes no connection: HTTP 403 (PROXY_CONNECT)', false],
    [502, 'the proxy makes no connection: HTTP 502 (PROXY_CONNECT)', true],
  ])('that answers %i to the wish for a tunnel is told by that', async (refuses, message, isRetryable) => {
    const proxy = await proxyServer({ targetPort: 9, refuses });
    const client = testClient({ proxy: withCredentials(proxy.origin) });
    expect(await failureOf(client.send({ url: 'https://server.test/' }))).toMatchObject({
      kind: 'network',
      message,
      isRetryable,
    });
  });

  it('that is not there, or never makes the tunnel, is told by that', async () => {
    const { origin } = await proxyServer({ targetPort: 9, refuses: 0 });
    const slow = testClient({ proxy: origin, connectTimeoutMs: 100 });
    expect((await failureOf(slow.send({ url: 'https://server.test/' }))).message).toBe(
      'no connection within 0.1 s (ECONNECTTIMEOUT)',
    );
    const absent = testClient({ proxy: 'http://127.0.0.1:9' });
    for (const url of ['https://server.test/', 'http://server.test/']) {
      expect((await failureOf(absent.send({ url }))).message).toBe('proxy: connection refused (ECONNREFUSED)');
    }
  });

  it('that never makes the tunnel is waited for no longer than a whole attempt may take', async () => {
    const { origin } = await proxyServer({ targetPort: 9, refuses: 0 });
    const hurried = testClient({ proxy: origin, timeoutMs: 100, connectTimeoutMs: 60_000 });
    expect((await failureOf(hurried.send({ url: 'https://server.test/' }))).message).toBe(
      'no whole answer within 0.1 s (ETIMEDOUT)',
    );
  });

  it('may itself be secured, by a certificate that is verified', async () => {
    const authority = newAuthority();
    const { cert, key } = authority.issue('proxy.test');
    const server = createServer({ cert, key }, ({ url }, response) => response.end(url));
    const proxy = `https://127.0.0.1:${await listening(server)}`;
    const client = testClient({ proxy, tls: { isVerified: true, ca: authority.cert } });
    expect(textOf(await client.send({ url: 'http://server.test/c/7' }))).toBe('http://server.test/c/7');
    expect(await failureOf(testClient({ proxy }).send({ url: 'http://server.test/c/7' }))).toMatchObject({
      kind: 'network',
      isRetryable: false,
      message: expect.stringMatching(/^proxy: certificate of an unknown authority/),
    });
  });

  it('cannot make an answer of its own pass for the server', async () => {
    const impostor = newAuthority();
    const server = createServer({ cert: impostor.cert, key: impostor.key }, (_request, response) => response.end('{}'));
    const proxy = await proxyServer({ targetPort: await listening(server) });
    expect(await failureOf(testClient({ proxy: proxy.origin }).send({ url: 'https://server.test/' }))).toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});
