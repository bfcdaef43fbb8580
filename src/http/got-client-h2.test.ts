import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, newAuthority } from '../testing/certificates.ts';
import { failureOf, testClient, textOf } from '../testing/http-client.ts';
import { proxyServer } from '../testing/proxy-server.ts';
import { rawServer } from '../testing/raw-server.ts';

interface H2Server {
  url: string;
  port: number;
  authority: Authority;
  sessions: ServerHttp2Session[];
  server: Http2SecureServer;
}

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

/** A server that speaks HTTP/2, and treats each stream as told. */
async function h2Server(
  act: (stream: ServerHttp2Stream, path: string, index: number) => void,
  options: SecureServerOptions = {},
): Promise<H2Server> {
  const authority = newAuthority();
  const { cert, key } = authority.issue('server.test');
  const server = createSecureServer({ cert, key, ...options });
  const sessions: ServerHttp2Session[] = [];
  let index = 0;
  server.on('session', (session) => sessions.push(session.on('error', () => {})));
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {}); // What a client does to its stream is what the test looks at from the other side.
    act(stream, String(headers[':path']), index++);
  });
  const port = await portOf(server);
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { url: `https://127.0.0.1:${port}`, port, authority, sessions, server };
}

const answer = (stream: ServerHttp2Stream, body = '{}') => {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end(body);
};

const clientOf = ({ authority }: { authority: Authority }, more = {}) =>
  testClient({ httpVersion: 2, tls: { isVerified: true, ca: authority.cert }, ...more });

describe('over HTTP/2', () => {
  it('many requests go at once over one connection, as many as the server allows', async () => {
    let [open, most] = [0, 0];
    const server = await h2Server(
      (stream, path) => {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          answer(stream, path);
        }, 10);
      },
      { settings: { maxConcurrentStreams: 4 } },
    );
    const client = clientOf(server);
    const paths = Array.from({ length: 20 }, (_, at) => `/c/${at}`);
    const answers = await Promise.all(paths.map((path) => client.send({ url: server.url + path })));
    expect(answers.map(textOf)).toEqual(paths);
    expect(answers[0]).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect({ connections: server.sessions.length, most }).toEqual({ connections: 1, most: 4 });
  });

  it('a request carries its method, headers and body', async () => {
    const seen: unknown[] = [];
    const server = await h2Server((stream) => {
      stream.on('data', (chunk) => seen.push(String(chunk)));
      stream.on('end', () => answer(stream));
    });
    server.server.on('stream', (_stream, headers) =>
      seen.push(headers[':method'], headers['x-own'], headers.authorization),
    );
    const client = clientOf(server, { headers: { 'x-own': 'yes' } });
    await client.send({
      url: `${server.url}/c`,
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: '{"a":1}',
    });
    expect(seen).toEqual(['POST', 'yes', 'Bearer t', '{"a":1}']);
  });

  it('nobody fails where the server says farewell again and again', async () => {
    const server = await h2Server((stream, _path, index) => {
      if (index % 5 === 4) stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
      answer(stream);
    });
    const client = clientOf(server);
    for (let at = 0; at < 20; at += 1) {
      const outcome = await client.send({ url: server.url }).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ isStale: true });
    }
    expect(server.sessions.length).toBeGreaterThan(3);
  });

  it('a session that ends before an answer begins is stale where it was there before, and the next one gets the answer', async () => {
    const server = await h2Server((stream, _path, index) => {
      if (index === 1 || index === 3) stream.session?.destroy();
      else answer(stream);
    });
    const client = clientOf(server);
    await client.send({ url: server.url });
    expect(await failureOf(client.send({ url: server.url }))).toMatchObject({ kind: 'network', isStale: true });
    expect(textOf(await client.send({ url: server.url }, { freshConnection: true }))).toBe('{}');
    expect(server.sessions).toHaveLength(2);
  });

  it('a new session that is lost before an answer begins is told in the words of HTTP/1.1, and worth another attempt', async () => {
    const server = await h2Server((stream) => stream.session?.destroy());
    expect(await failureOf(clientOf(server).send({ url: server.url }))).toMatchObject({
      message: 'connection closed before the answer was complete (ECONNRESET)',
      isStale: false,
      isRetryable: true,
    });
  });

  it('a connection that is never ready is waited for no longer than a whole attempt may take', async () => {
    const { origin } = await rawServer(() => {});
    const url = origin.replace('http:', 'https:');
    const client = testClient({ httpVersion: 2, timeoutMs: 100, connectTimeoutMs: 60_000 });
    expect((await failureOf(client.send({ url }))).message).toBe('no whole answer within 0.1 s (ETIMEDOUT)');
  });

  it('a stream that was refused is stale, and one that was reset is worth another attempt', async () => {
    const codes = [constants.NGHTTP2_REFUSED_STREAM, constants.NGHTTP2_INTERNAL_ERROR];
    const server = await h2Server((stream, _path, index) => stream.close(codes[index]));
    const client = clientOf(server);
    expect(await failureOf(client.send({ url: server.url }))).toMatchObject({ kind: 'network', isStale: true });
    expect(await failureOf(client.send({ url: server.url }))).toMatchObject({
      kind: 'network',
      isStale: false,
      isRetryable: true,
    });
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['is reset', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['ends before its length', (stream: ServerHttp2Stream) => void stream.end()],
    ['is lost with its session', (stream: ServerHttp2Stream) => stream.session?.destroy()],
  ])('a body that %s is no answer, and worth another attempt', async (_what, end) => {
    const server = await h2Server((stream) => {
      stream.respond({ ':status': 200, 'content-length': '10' });
      stream.write('{}', () => setTimeout(() => end(stream), 10));
    });
    expect(await failureOf(clientOf(server).send({ url: server.url }))).toMatchObject({
      kind: 'network',
      isStale: false,
      isRetryable: true,
      status: 200,
    });
  });

  it('the limits are those of HTTP/1.1: for the body, for the attempt, for the connection', async () => {
    const server = await h2Server((stream, path) => {
      if (path === '/large') answer(stream, 'x'.repeat(20_000));
      if (path === '/slow') stream.respond({ ':status': 200 });
    });
    const client = clientOf(server, { timeoutMs: 500 });
    expect(await failureOf(client.send({ url: `${server.url}/large` }))).toMatchObject({
      code: 'TOO_LARGE',
      status: 200,
    });
    for (const path of ['/never', '/slow']) {
      expect(await failureOf(client.send({ url: server.url + path }))).toMatchObject({
        kind: 'timeout',
        message: 'no whole answer within 0.5 s (ETIMEDOUT)',
      });
    }
    const mute = await rawServer(() => {}); // It never answers the greeting of TLS.
    const url = mute.origin.replace('http:', 'https:');
    expect(await failureOf(clientOf(server, { connectTimeoutMs: 100 }).send({ url }))).toMatchObject({
      message: 'no connection within 0.1 s (ECONNECTTIMEOUT)',
    });
    await expect.poll(() => mute.connections[0]?.closed).toBe(true);
  });

  it('a certificate is verified', async () => {
    const server = await h2Server((stream) => answer(stream));
    const client = testClient({ httpVersion: 2 });
    expect(await failureOf(client.send({ url: server.url }))).toMatchObject({ kind: 'network', isRetryable: false });
    expect(server.sessions).toEqual([]);
  });

  it('N14: a client certificate that the server demands is told of, and not waited for', async () => {
    const server = await h2Server((stream) => answer(stream), { requestCert: true, rejectUnauthorized: true });
    const failure = await failureOf(clientOf(server).send({ url: server.url }));
    expect(failure).toMatchObject({ code: 'TLS_ALERT_CERTIFICATE_REQUIRED', isRetryable: false });
  });

  it('a connection that an answer does not belong to is used no more', async () => {
    const server = await h2Server((stream) => answer(stream));
    const client = clientOf(server);
    (await client.send({ url: server.url })).dropConnection?.();
    await client.send({ url: server.url }, { freshConnection: true });
    expect(server.sessions).toHaveLength(2);
  });

  it('a proxy tunnels it', async () => {
    const server = await h2Server((stream, path) => answer(stream, path));
    const proxy = await proxyServer({ targetPort: server.port });
    const client = clientOf(server, { proxy: proxy.origin });
    for (const path of ['/1', '/2']) {
      expect(textOf(await client.send({ url: `https://server.test${path}` }))).toBe(path);
    }
    expect(proxy.requests).toEqual(['CONNECT server.test:443']);
  });

  it('is not spoken with a server that does not, nor without TLS', async () => {
    const authority = newAuthority();
    const { cert, key } = authority.issue('server.test');
    const server = createServer({ cert, key }, ({ httpVersion }, response) => response.end(httpVersion));
    const url = `https://127.0.0.1:${await portOf(server)}/`;
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const client = clientOf({ authority });
    for (let at = 0; at < 3; at += 1) expect(textOf(await client.send({ url }))).toBe('1.1');
    expect(connections).toBe(2); // The one that found out, and the one that is kept.
  });

  it('ends with a reason where nobody listens', async () => {
    const server = await h2Server(() => {});
    const client = clientOf(server);
    expect((await failureOf(client.send({ url: 'https://127.0.0.1:9/' }))).message).toBe(
      'connection refused (ECONNREFUSED)',
    );
  });
});
