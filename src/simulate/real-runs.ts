import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import type { EndpointLimit } from '../../fixtures/limit.ts';
import { writeList } from '../../fixtures/list.ts';
import type { RequestEntry } from '../../fixtures/tally.ts';
import { runAggregate } from '../testing/aggregate-process.ts';

/** Endpoints of the fixtures with the limits of the simulated ones, and what they can give a second. */
const REAL: readonly { name: string; limit: EndpointLimit; perSecond: number }[] = [
  { name: 'token bucket, 300/s', limit: { perSecond: 300 }, perSecond: 300 },
  { name: '20 slots and a queue', limit: { slots: 20, room: 20 }, perSecond: 400 },
];
const LATENCY_MS = 50;
const SECONDS = 40;
/** It has settled by then. */
const SETTLED_MS = 20_000;

/** The same in real time: the real program, four processes, a list that takes the endpoint some forty seconds. */
export async function tellRealRuns(): Promise<void> {
  console.log('\n| real endpoint | adaptive | used | refused | refused, after 20 s |\n|---|---|--:|--:|--:|');
  for (const { name, limit, perSecond } of REAL) {
    for (const adaptive of ['--adaptive', '--no-adaptive']) {
      const { used, refused, refusedLater } = await runOnce(limit, perSecond, adaptive);
      const cells = [
        name,
        adaptive === '--adaptive' ? 'on' : 'off',
        percent(used),
        percent(refused),
        percent(refusedLater),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

async function runOnce(limit: EndpointLimit, perSecond: number, adaptive: string) {
  const folder = mkdtempSync(join(tmpdir(), 'aggregate-simulate-'));
  const endpoint = await startEndpoint({ limit, latencyMs: LATENCY_MS, isLogging: true });
  const customers = perSecond * SECONDS;
  const list = join(folder, 'customers.csv');
  await writeList(list, customers);
  const settings = ['--source-file', list, '--url', endpoint.template, '--output-directory', folder];
  await runAggregate(['run', ...settings, '--process-count', '4', '--max-attempts', '100', adaptive]);
  const { log } = endpoint;
  const startMs = log[0]?.timeMs ?? 0;
  const seconds = ((log.at(-1)?.timeMs ?? 0) - startMs) / 1000;
  await endpoint.close();
  rmSync(folder, { recursive: true });
  const later = log.filter(({ timeMs }) => timeMs >= startMs + SETTLED_MS);
  return {
    used: customers / seconds / perSecond,
    refused: shareRefused(log, log),
    refusedLater: shareRefused(later, log),
  };
}

/** Whoever was asked for again had been refused: nobody is who was answered. */
function shareRefused(some: readonly RequestEntry[], all: readonly RequestEntry[]): number {
  const last = new Map(all.map((entry) => [entry.customer, entry]));
  return some.filter((entry) => last.get(entry.customer) !== entry).length / some.length;
}
