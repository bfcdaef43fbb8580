import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeList } from '../../fixtures/list.ts';
import { checkOutput, expectedOf } from './check-output.ts';
import { plainCustomers } from './list.ts';
import { measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { atMost } from './report.ts';
import { type BenchJob, rowOf } from './rows.ts';
import { type BenchServer, startFixture } from './server.ts';
import type { Trial } from './trials.ts';

/** A slow customer takes so long; one in so many is slow. */
const SLOW_MS = 10_000;
const ONE_IN = 1000;
/** All others are to be done before the first slow one is. */
const MOST_CUSTOMERS = 20_000;
const LOOK_EVERY_MS = 20;

/** One customer in a thousand takes ten seconds: nobody waits for it, and all is over with the last of them. */
export const slowCustomers: Trial = {
  name: 'slow-customers',
  async run(options, folder) {
    const count = Math.min(options.customers, MOST_CUSTOMERS);
    const plain = [...plainCustomers(count)];
    const slow = plain.map((customer, i) => (i % ONE_IN === ONE_IN / 2 ? `fault-delay=${SLOW_MS}~${i}` : customer));
    const server = await startFixture();
    try {
      const without = await timesOf(plain, server, join(folder, 'without'), options);
      const with_ = await timesOf(slow, server, join(folder, 'with'), options);
      const tailMs = with_.totalMs - with_.othersMs;
      return {
        account: `Slow customers: of ${count}, one in ${ONE_IN} takes ${SLOW_MS / 1000} s. The others stood in the results after ${seconds(with_.othersMs)} s, after ${seconds(without.othersMs)} s where nobody is slow; the run ended ${seconds(tailMs)} s after that.`,
        ratios: [
          atMost(
            'slow customers: time of the others to that where nobody is slow',
            with_.othersMs / without.othersMs,
            1.25,
          ),
          atMost('slow customers: from the last of the others to the end, to a slow answer', tailMs / SLOW_MS, 1),
        ],
      };
    } finally {
      await server.close();
    }
  },
};

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

interface Times {
  /** From the start until all that are not slow are in the results. */
  othersMs: number;
  /** Until the run has ended. */
  totalMs: number;
}

async function timesOf(
  customers: readonly string[],
  { url, linesOf }: BenchServer,
  folder: string,
  { inFlight }: BenchOptions,
): Promise<Times> {
  mkdirSync(folder);
  const list = `${folder}.csv`;
  await writeList(list, customers.length, { header: 'customer', rowAt: (i) => customers[i] ?? '' });
  const others = customers.filter((customer) => !customer.startsWith('fault-'));
  const wantedBytes = Buffer.byteLength(
    others
      .flatMap((customer) => linesOf(customer))
      .map((line) => `${line}\n`)
      .join(''),
  );
  const job: BenchJob = { list, url, folder, inFlight };
  const ended = new AbortController();
  const begunAtMs = performance.now();
  const written = untilBytes(folder, wantedBytes, ended.signal);
  await measure([...rowOf('aggregate-undici').command(job), '--timeout-seconds', `${(3 * SLOW_MS) / 1000}`], {});
  ended.abort();
  const totalMs = performance.now() - begunAtMs;
  const othersMs = (await written) - begunAtMs;
  await checkOutput(
    folder,
    expectedOf(customers, (customer) => linesOf(customer)),
  );
  return { othersMs, totalMs };
}

/** When the results had so many bytes (`performance.now`): at the latest, when the run had ended. */
async function untilBytes(folder: string, bytes: number, ended: AbortSignal): Promise<number> {
  while (!ended.aborted) {
    const file = readdirSync(folder).find((name) => name.startsWith('results-'));
    if (file !== undefined && statSync(join(folder, file)).size >= bytes) break;
    await sleep(LOOK_EVERY_MS);
  }
  return performance.now();
}
