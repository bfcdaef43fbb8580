import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { childrenOf, type Ended, linesOf, startAggregate } from './aggregate-process.ts';

/** What became of a run whose settings file was edited while it was on. */
export interface EditedRun {
  ended: Ended;
  /** Children that were there once each edit had taken effect. */
  children: number[];
  /** How often each customer was asked for, as a set: {1} where each was asked for once. */
  requestsEach: Set<number>;
  /** Sorted, as they should be and as they are. */
  expectedLines: string[];
  lines: string[];
  /** The log's lines about settings, without their time. */
  said: string[];
}

const LATENCY_MS = 20;
const REQUESTS_PER_PROCESS = 4;

/**
 * A run of `rows` customers in `base`, edited when a quarter of them, half and three quarters were asked for: from two
 * processes to four, down to one, and then into something that is no settings file. The endpoint answers no more than that
 * before an edit has taken effect, on a machine of any speed. Children that leave have what they hold answered first: a
 * quarter must be more than that.
 */
export async function runWithEdits(base: string, rows: number): Promise<EditedRun> {
  const folder = join(base, 'out');
  const list = join(base, 'list.csv');
  const file = join(base, 'aggregate.config.json');
  mkdirSync(folder);
  await writeList(list, rows);
  const endpoint = await startEndpoint({ latencyMs: LATENCY_MS });
  const settings = {
    source_file: 'list.csv',
    url: endpoint.template,
    output_directory: 'out',
    requests_per_process: REQUESTS_PER_PROCESS,
    chunk_size: 5,
    log_level: 'warn',
    // Of a request that the endpoint holds, on a slow machine.
    timeout_seconds: 300,
  };
  /** As most editors do it: another file in the place of the old. */
  const edit = (text: string) => {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  };
  const withCount = (process_count: number) => JSON.stringify({ ...settings, process_count });
  edit(withCount(2));
  const { process: parent, ended } = startAggregate(['run', '--config', file]);
  const hasEnded = () => parent.exitCode !== null;
  const until = async (isSo: () => boolean) => {
    while (!isSo() && !hasEnded()) await sleep(20);
  };
  const count = () => childrenOf(parent.pid ?? 0).length;
  const children: number[] = [];
  const settle = async (wanted: number) => {
    await until(() => count() === wanted);
    children.push(count());
  };
  const reach = async (share: number) => {
    endpoint.answerUpTo(rows * share);
    await until(() => endpoint.requests > rows * share);
  };
  endpoint.answerUpTo(0);
  try {
    await settle(2);
    await reach(0.25);
    edit(withCount(4));
    await settle(4);
    await reach(0.5);
    edit(withCount(1));
    await until(() => saidIn(folder).length >= 2);
    await reach(0.75);
    await settle(1);
    edit('{"process_count": 3,');
    await until(() => saidIn(folder).length >= 3);
    children.push(count());
    endpoint.answerUpTo(Infinity);
    return {
      ended: await ended,
      children,
      requestsEach: new Set(endpoint.counts().values()),
      expectedLines: Array.from({ length: rows }, (_, index) => expectedLinesOf(customerAt(index)))
        .flat()
        .sort(),
      lines: [...linesOf(folder, 'results')].sort(),
      said: saidIn(folder),
    };
  } finally {
    parent.kill('SIGKILL');
    await endpoint.close();
  }
}

const saidIn = (folder: string): string[] =>
  linesOf(folder, 'log').flatMap((line) => / - (Settings .*)$/.exec(line)?.[1] ?? []);
