import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChildSettings } from '../channel/protocol.ts';
import type { SourceRow } from '../source/customer-list.ts';
import { Pool } from './pool.ts';
import type { PoolOwner } from './pool-options.ts';

/** Three of them are more than a child may have unwritten. */
const ANSWER = JSON.stringify({ details: [{ id: 'x'.repeat(1_500_000) }] });
const COUNT = 30;

/** Starts a server; gives what the URL of a customer is. */
async function urlOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/{0}`;
}

const rows = (): SourceRow[] =>
  Array.from({ length: COUNT }, (_, position) => {
    const customer = `c${position}`;
    return { position, line: position + 2, raw: customer, values: [customer] };
  });

/** Keeps the positions that the pool settles, in their order. */
function keeper(): PoolOwner & { settled: number[]; failed: number[] } {
  const left = rows();
  const settled: number[] = [];
  const failed: number[] = [];
  return {
    settled,
    failed,
    nextRows: async (maxRows) => left.splice(0, maxRows),
    settle: async (each) => {
      settled.push(
        ...[...each.rows, ...each.failures.map(({ row }) => row)].map(({ position }) => position).sort(byNumber),
      );
      failed.push(...each.failures.map(({ row }) => row.position));
    },
    log: async () => {},
    note: () => {},
    event: () => {},
    attempts: () => {},
    childGone: () => {},
  };
}

const byNumber = (a: number, b: number): number => a - b;

const poolOf = (url: string, owner: PoolOwner): Pool => {
  const child: ChildSettings = {
    request: { url, headers: {}, query: {} },
    requestsPerProcess: 1,
    connection: { timeoutMs: 20_000, connectTimeoutMs: 20_000, tls: { isVerified: true }, proxies: {} },
    maxAttempts: 1,
    patienceMs: 60_000,
    outcomes: [],
    verifyCustomer: null,
    pagination: null,
    heartbeatMs: 50,
    ...{
      records: 'details',
      format: 'text',
      order: 'input',
      fields: ['id'],
      logLevel: 'warn',
      logFormat: 'text',
      stamp: '20260131-235959',
      secrets: [],
    },
  };
  const flow = { perSecond: Number.POSITIVE_INFINITY, isAdaptive: false, canary: 0, patienceMs: 60_000 };
  const entry = new URL('../child/entry.ts', import.meta.url);
  return new Pool({ entry, processCount: 2, chunkSize: 3, silenceMs: 30_000, flow, child }, owner);
};

describe('A straggler, where all children have as much unwritten as they may', () => {
  it('is given out again when the child that held it was killed, and the others are full', async () => {
    // Each child asks for three, and is full; whoever holds the first customer is killed then, twice.
    let kills = 0;
    const url = await urlOf((request, response) => {
      if (request.url !== '/c0' || kills === 2) {
        response.end(ANSWER);
        return;
      }
      const timer = setInterval(() => {
        const { children } = pool;
        const holder = children.find(({ pid }) => pid !== full);
        full ??= children.find(({ ok }) => ok >= 3)?.pid;
        if (full === undefined || holder === undefined || holder.pid === full || holder.ok < 3 * kills) return;
        clearInterval(timer);
        kills += 1;
        process.kill(holder.pid ?? 0, 'SIGKILL');
        // Nobody hears it where that child had asked.
        response.end(ANSWER);
      }, 10);
      onTestFinished(() => clearInterval(timer));
    });
    let full: number | undefined;
    const owner = keeper();
    const pool = poolOf(url, owner);
    await pool.run();
    expect(kills).toBe(2);
    expect(owner.settled).toEqual(rows().map(({ position }) => position));
    expect(owner.failed).toEqual([]);
  });
});
