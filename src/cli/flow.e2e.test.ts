import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import type { RequestEntry } from '../../fixtures/tally.ts';
import { childrenOf, linesOf, runAggregate, startAggregate } from '../testing/aggregate-process.ts';
import { newAuthority } from '../testing/certificates.ts';
import { runFolder } from '../testing/finished-run.ts';

const EVERYBODY = { rate: 1, seed: 1 };

/** Starts an endpoint where one was before. */
async function startAgain({ port }: Endpoint): Promise<Endpoint> {
  const endpoint = await startEndpoint({ port });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

describe('a run that is of no use ends early, with 3, and can be resumed', () => {
  it('N1: nothing listens', async () => {
    const run = await runFolder(2000);
    await run.endpoint.close();
    const { exitCode, stderr } = await run.aggregate(['run']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(
        /the first 10 customers were all refused alike: connection refused \(ECONNREFUSED\)/,
      ),
    });
    expect(stderr).toContain('0 customers in the results, 0 failed');
    expect(stderr).toContain('go on:  aggregate resume');
    await startAgain(run.endpoint);
    expect(await run.aggregate(['resume'])).toMatchObject({ exitCode: 0 });
  });

  it('N13: the name of the host is not found', async () => {
    const run = await runFolder(20);
    const args = ['run', '--source-file', run.list, '--output-directory', run.folder];
    const { exitCode, stderr } = await runAggregate([...args, '--url', 'http://nobody.invalid/{0}']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  it('N14: a certificate that nobody vouches for, and no answer is accepted', async () => {
    const run = await runFolder(20);
    const { cert, key } = newAuthority();
    let answered = 0;
    const server = createServer({ cert, key }, (_request, response) => {
      answered += 1;
      response.end('{"details":[]}');
    });
    const url = `https://127.0.0.1:${await portOf(server)}/{0}`;
    const args = ['run', '--source-file', run.list, '--output-directory', run.folder];
    const { exitCode, stderr } = await runAggregate([...args, '--url', url]);
    const words = expect.stringMatching(/all refused alike: certificate is self-signed/);
    expect({ exitCode, stderr, answered }).toEqual({ exitCode: 3, stderr: words, answered: 0 });
  });

  it.each([
    ['E7', '401', /HTTP 401 Unauthorized; the answer begins: \{"error":"status 401/],
    ['E7', '403', /HTTP 403 Forbidden/],
    ['E8', 'html', /answer is an HTML page, not JSON: "<!DOCTYPE html>/],
    ['E11', 'no-details', /all refused alike/],
  ])('%s: %s for everybody, having cost ten requests', async (_row, kind, words) => {
    const run = await runFolder(2000, { faults: { ...EVERYBODY, kinds: [kind] } });
    const { exitCode, stderr } = await run.aggregate(['run']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(words) });
    expect(run.endpoint.requests).toBe(10);
    // It was nobody's failure.
    expect(linesOf(run.folder, 'failed')).toEqual([]);
  });

  it('E3: the endpoint asks for a pause that nobody has the patience for', async () => {
    const run = await runFolder(500, { faults: { ...EVERYBODY, kinds: ['429:retry-after=86400'] } });
    const { exitCode, stderr } = await run.aggregate(['run']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/longer than patience_seconds/),
    });
    expect(run.endpoint.requests).toBeLessThanOrEqual(20);
  });

  it('an endpoint that stays out of order', async () => {
    const run = await runFolder(500, { faults: { ...EVERYBODY, kinds: ['500'] } });
    const { exitCode, stderr } = await run.aggregate(['run'], '--patience-seconds', '1.5');
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/out of order \(HTTP 500/) });
    expect(stderr).toContain('0 failed');
    expect(run.endpoint.requests).toBeLessThan(100);
  });

  it('max_failures, a share of what is settled', async () => {
    const run = await runFolder(3000, { faults: { rate: 0.2, seed: 1, kinds: ['404'] } });
    const { exitCode, stderr } = await run.aggregate(['run'], '--max-failures', '5%');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/more than max_failures \(5%\)/),
    });
    expect(run.endpoint.requests).toBeLessThan(3000);
  });
});

it('goes on where the first customers are merely unknown', async () => {
  const run = await runFolder(200, { faults: { rate: 0.9, seed: 3, kinds: ['404'] } });
  expect(await run.aggregate(['run'])).toMatchObject({ exitCode: 1 });
  const few = await runFolder(3, { faults: { ...EVERYBODY, kinds: ['404'] } });
  expect(await few.aggregate(['run'])).toMatchObject({ exitCode: 1 });
});

it('N2: waits for an endpoint that is down in the middle, and nobody fails', async () => {
  const run = await runFolder(600, { latencyMs: 5 });
  const { ended } = run.start(['run'], '--requests-per-process', '4');
  await expect.poll(() => run.endpoint.requests, { interval: 5 }).toBeGreaterThan(100);
  await run.endpoint.close();
  const log = () => linesOf(run.folder, 'log').join('\n');
  await expect.poll(log).toContain('Almost everything fails (connection refused (ECONNREFUSED))');
  await startAgain(run.endpoint);
  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(log()).toContain('The endpoint answers again');
});

it('N10: waits for a server that stands still with connections open, and nobody fails', async () => {
  const run = await runFolder(600);
  const file = fileURLToPath(new URL('../../fixtures/endpoint.ts', import.meta.url));
  const server = fork(file, ['--latency-ms', '5'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [{ port }] = await once(server, 'message');
  const url = run.endpoint.template.replace(`:${run.endpoint.port}/`, `:${port}/`);
  const args = ['run', '--source-file', run.list, '--output-directory', run.folder, '--url', url];
  const limits = [
    '--process-count',
    '1',
    '--requests-per-process',
    '4',
    '--max-attempts',
    '1',
    '--timeout-seconds',
    '0.5',
  ];
  const { ended } = startAggregate([...args, ...limits]);
  const log = () => linesOf(run.folder, 'log').join('\n');
  await expect.poll(() => linesOf(run.folder, 'results').length, { interval: 5 }).toBeGreaterThan(100);
  server.kill('SIGSTOP');
  await expect.poll(log).toContain('Almost everything fails (no whole answer within 0.5 s');
  server.kill('SIGCONT');
  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(log()).toContain('The endpoint answers again');
});

it('E4: holds all processes while everybody is limited, and nobody uses up an attempt', async () => {
  const run = await runFolder(600, { latencyMs: 5, isLogging: true });
  const { ended } = run.start(['run']);
  await expect.poll(() => run.endpoint.requests, { interval: 5 }).toBeGreaterThan(100);
  run.endpoint.setFaults({ ...EVERYBODY, kinds: ['429:retry-after=1'] });
  const before = run.endpoint.requests;
  await expect.poll(() => run.endpoint.requests, { interval: 5 }).toBeGreaterThan(before);
  await sleep(1200);
  run.endpoint.setFaults(undefined);
  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(longestGapMs(run.endpoint.log)).toBeGreaterThan(950);
});

it('keeps to the rate over all processes, also while one dies and another comes', async () => {
  const run = await runFolder(400, { isLogging: true });
  const { process: parent, ended } = run.start(['run'], '--rate-limit', '100/s');
  await expect.poll(() => run.endpoint.requests, { interval: 5 }).toBeGreaterThan(150);
  process.kill(childrenOf(parent.pid ?? 0)[0] ?? 0, 'SIGKILL');
  expect(await ended).toMatchObject({ exitCode: 0 });
  const times = run.endpoint.log.map(({ timeMs }) => timeMs);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  expect((times.length - 1) / seconds).toBeLessThan(102);
});

it('slows down by what the answers say is left of a quota, before any is refused', async () => {
  const ends = Object.entries(QUOTA_HEADERS).map(async ([form, headersOf]) => {
    const run = await runFolder(150);
    const { server, counts } = quotaServer({ perSecond: 60, latencyMs: 25, headersOf });
    const url = `http://127.0.0.1:${await portOf(server)}/{0}`;
    const args = ['run', '--source-file', run.list, '--output-directory', run.folder, '--url', url];
    // Unslowed these would be some 80 a second.
    const { exitCode } = await runAggregate([...args, '--process-count', '1', '--requests-per-process', '2']);
    expect({ form, exitCode, ...counts }).toEqual({ form, exitCode: 0, answered: 150, refused: 0 });
  });
  await Promise.all(ends);
});

/** How an answer says what is left of a quota. */
type QuotaHeaders = (quota: { limit: number; left: number; seconds: number }) => Record<string, string | number>;
const QUOTA_HEADERS: Readonly<Record<string, QuotaHeaders>> = {
  'three headers': ({ limit, left, seconds }) => ({
    'X-RateLimit-Limit': limit,
    'X-RateLimit-Remaining': left,
    'X-RateLimit-Reset': seconds,
  }),
  'a dictionary': ({ limit, left, seconds }) => ({ RateLimit: `limit=${limit}, remaining=${left}, reset=${seconds}` }),
  'a structured field': ({ limit, left, seconds }) => ({
    'RateLimit-Policy': `"second";q=${limit};w=1`,
    RateLimit: `"second";r=${left};t=${seconds}`,
  }),
};

interface QuotaServerOptions {
  perSecond: number;
  latencyMs: number;
  headersOf: QuotaHeaders;
}

/** Answers so many requests of each second, says how many are left, and refuses the others. */
function quotaServer({ perSecond, latencyMs, headersOf }: QuotaServerOptions) {
  const counts = { answered: 0, refused: 0 };
  let window = { endMs: 0, left: perSecond };
  const server = createPlainServer((_request, response) => {
    const nowMs = performance.now();
    if (nowMs >= window.endMs) window = { endMs: nowMs + 1000, left: perSecond };
    const isRefused = window.left === 0;
    if (!isRefused) window.left -= 1;
    counts[isRefused ? 'refused' : 'answered'] += 1;
    const seconds = Math.ceil((window.endMs - nowMs) / 1000);
    const headers = headersOf({ limit: perSecond, left: window.left, seconds });
    setTimeout(() => response.writeHead(isRefused ? 429 : 200, headers).end('{"details":[]}'), latencyMs);
  });
  return { server, counts };
}

/** Has a server listen until the test is over. */
async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function longestGapMs(log: readonly RequestEntry[]): number {
  return Math.max(...log.slice(1).map(({ timeMs }, i) => timeMs - (log[i]?.timeMs ?? timeMs)));
}
