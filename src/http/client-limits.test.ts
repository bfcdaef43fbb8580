import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CLIENTS, failureOf, textOf } from '../testing/http-client.ts';
import { type RawServer, rawAnswer, rawServer } from '../testing/raw-server.ts';

const JSON_TEXT = JSON.stringify({ details: Array.from({ length: 50 }, (_, id) => ({ id })) });

describe.each(CLIENTS)('$name: sizes', ({ testClient }) => {
  it('takes a body of exactly the limit, and drops one that is a byte larger', async () => {
    const server = await rawServer((socket, index) => socket.write(rawAnswer('x'.repeat(1_000 + index))));
    const client = testClient({ maxBodyBytes: 1_000 });
    expect((await client.send({ url: server.origin })).body).toHaveLength(1_000);
    const error = await failureOf(client.send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'bad_answer', code: 'TOO_LARGE', isRetryable: false, status: 200 });
  });

  it('ends an answer as soon as its Content-Length says too much', async () => {
    const server = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n'));
    const error = await failureOf(testClient({ maxBodyBytes: 10 * 1024 * 1024 }).send({ url: server.origin }));
    expect(error.message).toBe('answer is larger than 10 MiB (TOO_LARGE)');
    await expect.poll(() => server.connections[0]?.closed).toBe(true);
  });

  it.each([
    ['in chunks', 'Transfer-Encoding: chunked\r\n'],
    ['until the connection closes', 'Connection: close\r\n'],
  ])('ends an answer without an end, sent %s, and its connection', async (_how, header) => {
    let hasStopped = false;
    const server = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${header}\r\n`);
      const chunk = header.includes('chunked') ? `4000\r\n${'x'.repeat(0x4000)}\r\n` : 'x'.repeat(0x4000);
      const pour = () => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on('drain', pour).on('close', () => {
        hasStopped = true;
      });
      pour();
    });
    const error = await failureOf(testClient({ maxBodyBytes: 1024 * 1024 }).send({ url: server.origin }));
    expect(error.message).toBe('answer is larger than 1 MiB (TOO_LARGE)');
    await expect.poll(() => hasStopped).toBe(true);
  });
});

describe.each(CLIENTS)('$name: packed bodies', ({ testClient }) => {
  const packers: [string, (text: string) => Buffer][] = [
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync],
    ['GZip, identity', zlib.gzipSync],
    ['br, gzip', (text) => zlib.gzipSync(zlib.brotliCompressSync(text))],
    ['identity', Buffer.from],
  ];
  it.each(packers)('are unpacked from %s', async (encoding, pack) => {
    const headers = [`Content-Encoding: ${encoding}`];
    const server = await rawServer((socket) => socket.write(rawAnswer(pack(JSON_TEXT), { headers })));
    expect(textOf(await testClient().send({ url: server.origin }))).toBe(JSON_TEXT);
  });

  it.each(packers.slice(0, 8))('E15: that grow beyond the limit are dropped: %s', async (encoding, pack) => {
    const bomb = pack('0'.repeat(2_000_000));
    const headers = [`Content-Encoding: ${encoding}`];
    const server = await rawServer((socket) => socket.write(rawAnswer(bomb, { headers })));
    const error = await failureOf(testClient({ maxBodyBytes: 100_000 }).send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'bad_answer', code: 'TOO_LARGE', isRetryable: false, status: 200 });
  });

  it.each([
    ['damaged', 'gzip', Buffer.from('no gzip'), 'answer is damaged: its gzip cannot be unpacked'],
    ['cut short', 'gzip', zlib.gzipSync(JSON_TEXT).subarray(0, 40), 'answer is damaged'],
    ['packed in an unknown way', 'compress', Buffer.from('x'), 'packed in a way that was not asked for'],
    ['packed over and over', 'gzip, gzip, gzip', Buffer.from('x'), 'packed 3 times'],
    ['packed a thousand times', 'br,'.repeat(1_000), Buffer.from('x'), 'packed 1000 times'],
  ])('that are %s are bad answers', async (_what, encoding, body, message) => {
    const headers = [`Content-Encoding: ${encoding}`];
    const server = await rawServer((socket) => socket.write(rawAnswer(body, { headers })));
    const error = await failureOf(testClient().send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'bad_answer', isRetryable: false });
    expect(error.message).toContain(message);
  });

  it('that are empty are empty', async () => {
    const headers = ['Content-Encoding: gzip'];
    const server = await rawServer((socket) => socket.write(rawAnswer('', { status: '204 No Content', headers })));
    expect(await testClient().send({ url: server.origin })).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });
});

describe.each(CLIENTS)('$name: redirects', ({ testClient }) => {
  const redirect = (location: string, status = '302 Found') =>
    rawAnswer('moved', { status, headers: [`Location: ${location}`] });

  it.each(['301 A', '302 B', '303 C', '307 D', '308 E'])('are followed within the same origin: %s', async (status) => {
    const server: RawServer = await rawServer((socket, index) =>
      socket.write(index < 2 ? redirect(index === 0 ? '/b' : `${server.origin}/c`, status) : rawAnswer('{"at":"c"}')),
    );
    const answer = await testClient({ headers: { authorization: 'hunter2' } }).send({ url: `${server.origin}/a` });
    expect(textOf(answer)).toBe('{"at":"c"}');
    expect(server.requests.map((request) => request.split(' ')[1])).toEqual(['/a', '/b', '/c']);
    expect(server.requests.every((request) => request.includes('hunter2'))).toBe(true);
  });

  it.each([
    ['301 A', 'POST'],
    ['302 B', 'PUT'],
    ['303 C', 'GET'],
    ['307 D', 'POST'],
    ['308 E', 'DELETE'],
  ])('after %s ask by %s: the body goes along, but for 303, which makes a bare GET of it', async (status, method) => {
    const server = await rawServer((socket, index) =>
      socket.write(index === 0 ? redirect('/b', status) : rawAnswer('{}')),
    );
    const client = testClient({ headers: { 'content-type': 'application/json' } });
    const sent = { url: `${server.origin}/a`, method: method === 'GET' ? 'POST' : method, body: '{"customer":"7"}' };
    await client.send({ ...sent, headers: { 'x-own': 'yes' } });
    const [, second = ''] = server.requests;
    expect(second).toMatch(new RegExp(`^${method} /b HTTP/1.1\r\n`));
    expect(second).toMatch(/x-own: yes/i);
    const isBare = method === 'GET';
    expect(/content-type: /i.test(second)).toBe(!isBare);
    expect(second.endsWith('{"customer":"7"}')).toBe(!isBare);
  });

  it('are never followed to another origin, and nothing is sent there', async () => {
    const decoy = await rawServer((socket) => socket.write(rawAnswer('{}')));
    const port = new URL(decoy.origin).port;
    const targets = [
      `${decoy.origin}/x?token=hunter2`,
      `//127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `\\\\127.0.0.1:${port}/`,
    ];
    const server = await rawServer((socket, index) => socket.write(redirect(targets[index] ?? '/')));
    const client = testClient({ headers: { authorization: 'hunter2' } });
    for (const _ of targets) {
      const error = await failureOf(client.send({ url: server.origin }));
      expect(error).toMatchObject({ kind: 'bad_answer', code: 'REDIRECT', isRetryable: false, status: 302 });
      expect(error.message).toMatch(
        /^redirected to another origin: http:\/\/(?:127\.0\.0\.1|localhost):\d+ \(REDIRECT\)$/,
      );
    }
    expect(decoy.connections).toHaveLength(0);
  });

  it.each([
    ['https://127.0.0.1/', 'redirected to another origin: https://127.0.0.1 (REDIRECT)'],
    ['http://169.254.169.254/latest/meta-data', 'redirected to another origin: http://169.254.169.254 (REDIRECT)'],
    ['file:///etc/passwd', 'redirected to another origin: file: (REDIRECT)'],
    ['unix:/run/docker.sock:/info', 'redirected to another origin: unix: (REDIRECT)'],
    ['http://[', 'redirected to an address that is none (REDIRECT)'],
  ])('E17: to %s are refused', async (location, message) => {
    const server = await rawServer((socket) => socket.write(redirect(location)));
    expect((await failureOf(testClient().send({ url: server.origin }))).message).toBe(message);
    expect(server.requests).toHaveLength(1);
  });

  it('that never end are given up on', async () => {
    const server = await rawServer((socket, index) => socket.write(redirect(`/${index}`)));
    const error = await failureOf(testClient().send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'bad_answer', isRetryable: false, status: 302 });
    expect(error.message).toBe('redirected too many times (ERR_TOO_MANY_REDIRECTS)');
    expect(server.requests).toHaveLength(11);
  });

  it('whose bodies never end leave no connection behind', async () => {
    const server = await rawServer((socket, index) =>
      socket.write(index === 0 ? 'HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\nand so on' : rawAnswer('{}')),
    );
    expect((await testClient().send({ url: server.origin })).status).toBe(200);
    await expect.poll(() => server.connections.filter((socket) => socket.closed).length).toBe(1);
  });

  it('without a target are answers like any other', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('', { status: '304 Not Modified' })));
    expect((await testClient().send({ url: server.origin })).status).toBe(304);
  });
});
