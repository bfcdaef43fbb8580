import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rawGet } from '../testing/raw-get.ts';
import { StatusServer } from './status-server.ts';

async function serve(limits = {}) {
  let made = 0;
  const make = async () => {
    made += 1;
    return `made ${made}`;
  };
  const broken = async () => {
    throw new Error('s3cret');
  };
  const server = new StatusServer(
    new Map([
      ['/', { contentType: 'text/html; charset=utf-8', make }],
      ['/broken', { contentType: 'text/plain', make: broken }],
    ]),
    limits,
  );
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const port = Number(new URL(url).port);
  /** What the server says to these bytes, until it hangs up. */
  const say = async (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => {}); // A server that hangs up while we speak is what is looked for.
    socket.write(bytes);
    await new Promise((resolve) => socket.on('close', resolve));
    return answer;
  };
  return { url, port, say };
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`;
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('StatusServer', () => {
  it('answers GET and HEAD, with headers that keep pages from elsewhere out', async () => {
    const { url } = await serve();
    const answer = await rawGet(url);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
    });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body.toString()).toBe('made 1');
    expect(await rawGet(`${url}?x=1`, { method: 'HEAD' })).toMatchObject({ status: 200, body: Buffer.of() });
  });

  it('makes nothing anew for whoever asks again within a second', async () => {
    const { url } = await serve();
    const bodies = await Promise.all(Array.from({ length: 20 }, async () => (await rawGet(url)).body.toString()));
    expect(new Set(bodies).size).toBeLessThan(5);
  });

  it('refuses other methods, paths and host names, and tells nothing of what went wrong', async () => {
    const { say } = await serve();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      expect(statusOf(await say(get('/').replace('GET', method))), method).toBe(405);
    }
    for (const path of ['/x', '/../../etc/passwd', '//', '/%2e%2e/', 'http://attacker.example/', '*', '/__proto__']) {
      expect(statusOf(await say(get(path))), path).toBe(404);
    }
    for (const host of ['attacker.example', '127.0.0.1.attacker.example:80', '']) {
      expect(statusOf(await say(get('/').replace('localhost', host))), host).toBe(421);
    }
    expect(statusOf(await say('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(400);
    const broken = await say(get('/broken'));
    expect(statusOf(broken)).toBe(500);
    expect(broken).not.toContain('s3cret');
  });

  it('is not impressed by what is huge, malformed, or never comes to its end', async () => {
    const { say, url } = await serve({ headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 });
    // Whoever is still speaking when the server hangs up may not hear what it said.
    const refused = [431, Number.NaN];
    expect(refused).toContain(statusOf(await say(get('/', `X: ${'x'.repeat(100_000)}\r\n`))));
    expect(refused).toContain(statusOf(await say(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`)));
    expect(statusOf(await say('\u0016\u0003\u0001 not http\r\n\r\n'))).toBe(400);
    expect(statusOf(await say('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '))).toBe(408);
    const endless = `POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n${'x'.repeat(500_000)}`;
    expect([405, Number.NaN]).toContain(statusOf(await say(endless)));
    expect(statusOf(await say(get('/', 'Content-Length: 99999999999\r\n')))).toBe(200);
    expect((await rawGet(url)).status).toBe(200);
  });

  it('takes a few connections at a time, and goes on answering when those leave', async () => {
    const { port, url } = await serve();
    const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const dropped = sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    await Promise.any(dropped);
    for (const socket of sockets) socket.destroy();
    await Promise.all(dropped);
    await expect.poll(async () => (await rawGet(url)).status).toBe(200);
  });

  it('says why it cannot listen where somebody else does', async () => {
    const { port } = await serve();
    await expect(new StatusServer(new Map()).listen({ host: '127.0.0.1', port })).rejects.toThrow(/EADDRINUSE/);
  });
});
