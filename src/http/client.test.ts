import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CLIENTS, failureOf, textOf } from '../testing/http-client.ts';
import { rawAnswer, rawServer } from '../testing/raw-server.ts';
import type { SendOptions } from './client.ts';

describe.each(CLIENTS)('$name: a client', ({ testClient }) => {
  it('gives status, text, headers and body of an answer, whatever its status', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{"error":1}', { status: '404 Not Here' })));
    const answer = await testClient().send({ url: `${server.origin}/customers/7` });
    expect(answer).toMatchObject({ status: 404, statusText: 'Not Here', headers: { 'content-length': '11' } });
    expect(textOf(answer)).toBe('{"error":1}');
  });

  it('sends the path as it is, with headers of its own', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{}')));
    await testClient().send({ url: `${server.origin}/c/..%2Fadmin?x=%3F` });
    const [first = ''] = server.requests;
    expect(first).toMatch(/^GET \/c\/\.\.%2Fadmin\?x=%3F HTTP\/1\.1\r\n/);
    expect(first).toMatch(/\r\nuser-agent: aggregate\/\d+\.\d+\.\d+\r\n/i);
    expect(first).toMatch(/\r\naccept: application\/json\r\n/i);
    expect(first).toMatch(/\r\naccept-encoding: gzip, deflate, br, zstd\r\n/i);
  });

  it("sends the settings' headers in place of its own, whatever their case", async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{}')));
    await testClient({ headers: { Accept: 'text/csv', 'X-Api-Key': 'k' } }).send({ url: server.origin });
    const [first = ''] = server.requests;
    expect(first).toMatch(/\r\naccept: text\/csv\r\n/i);
    expect(first).toMatch(/\r\nx-api-key: k\r\n/i);
    expect(first.match(/accept:/gi)).toHaveLength(1);
  });

  it('refuses a header with a line break in it, without saying what is in it', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{}')));
    const error = await failureOf(
      testClient({ headers: { authorization: 'hunter2\r\nX: y' } }).send({ url: server.origin }),
    );
    expect(error).toMatchObject({ isRetryable: false, message: 'request not valid (ERR_INVALID_CHAR)' });
    expect(server.requests).toEqual([]);
  });

  it('uses a connection again, and opens another where a fresh one is asked for', async () => {
    const server = await rawServer((socket) => socket.write(rawAnswer('{}')));
    const client = testClient();
    for (let at = 0; at < 3; at += 1) await client.send({ url: server.origin });
    expect(server.connections).toHaveLength(1);
    await client.send({ url: server.origin }, { freshConnection: true });
    expect(server.connections).toHaveLength(2);
    await client.send({ url: server.origin });
    expect(server.connections).toHaveLength(2);
  });

  it.each([
    ['reset before an answer', (end: Ending) => end.reset(), 'ECONNRESET'],
    ['closed before an answer', (end: Ending) => end.close(''), 'ECONNRESET'],
    ['closed in the status line', (end: Ending) => end.close('HTTP/1.1 2'), 'ECONNRESET'],
    ['closed in the headers', (end: Ending) => end.close('HTTP/1.1 200 OK\r\nContent-Le'), 'ECONNRESET'],
    ['closed in the body', (end: Ending) => end.close(`${LENGTH_20}{"a":1}`), 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'],
    ['closed where a body of zeros is due', (end: Ending) => end.close(LENGTH_20), 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'],
    ['closed in a chunk', (end: Ending) => end.close(`${CHUNKED}9\r\n{"a"`), 'ECONNRESET'],
    ['closed between chunks', (end: Ending) => end.close(`${CHUNKED}2\r\n{}\r\n`), 'ECONNRESET'],
  ])('finds a connection %s worth another attempt', async (_what, act, code) => {
    const server = await rawServer((socket) =>
      act({ reset: () => socket.resetAndDestroy(), close: (text) => socket.end(text) }),
    );
    const error = await failureOf(testClient().send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'network', code, isRetryable: true, isStale: false });
  });

  it('finds a body that is reset worth another attempt', async () => {
    const server = await rawServer((socket) => socket.write(`${LENGTH_20}{"a":1}`, () => socket.resetAndDestroy()));
    expect(await failureOf(testClient().send({ url: server.origin }))).toMatchObject({
      kind: 'network',
      isRetryable: true,
      status: 200,
    });
  });

  it.each([
    ['garbage', 'hello\r\n\r\n', /^answer is not HTTP \(HPE_/],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', /^answer is not HTTP \(HPE_/],
    ['more bytes than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}extra', /^answer is not HTTP \(HPE_/],
    ['a length and chunks', `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`, /HPE_/],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /HPE_/],
    ['huge headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n`, /^answer with too large headers \(HPE_/],
    [
      '2,000 headers',
      `HTTP/1.1 200 OK\r\n${'X-Header: y\r\n'.repeat(2_000)}\r\n`,
      /^answer with too large headers \(HPE_/,
    ],
    ['a switch of protocols', 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', /another protocol/],
  ])('finds %s a bad answer', async (_what, bytes, message) => {
    const server = await rawServer((socket) => socket.write(bytes));
    const error = await failureOf(testClient().send({ url: server.origin }));
    expect(error).toMatchObject({ kind: 'bad_answer', isRetryable: false });
    expect(error.message).toMatch(message);
    await expect.poll(() => server.connections[0]?.closed).toBe(true);
  });

  it('says when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    server.close();
    await once(server, 'close');
    const error = await failureOf(testClient().send({ url: `http://127.0.0.1:${port}/` }));
    expect(error).toMatchObject({ kind: 'network', isRetryable: true, message: 'connection refused (ECONNREFUSED)' });
  });

  it('ends at once when its signal is aborted, and closes the connection', async () => {
    const server = await rawServer(() => {});
    const aborting = new AbortController();
    const options: SendOptions = { signal: aborting.signal };
    const failure = failureOf(testClient().send({ url: server.origin }, options));
    await expect.poll(() => server.requests.length).toBe(1);
    aborting.abort();
    expect(await failure).toMatchObject({ code: 'ABORT_ERR', isRetryable: false });
    await expect.poll(() => server.connections[0]?.closed).toBe(true);
    expect(await failureOf(testClient().send({ url: server.origin }, options))).toMatchObject({ code: 'ABORT_ERR' });
    expect(server.requests).toHaveLength(1);
  });
});

interface Ending {
  reset(): void;
  close(text: string): void;
}
const LENGTH_20 = 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
