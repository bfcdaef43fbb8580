import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBenchList } from './list.ts';
import { median } from './median.ts';

/** Wall time from start to end, medians, in milliseconds. */
export interface Starts {
  /** `node -e 0` */
  bare: number;
  /** `aggregate --version` */
  version: number;
  /** `aggregate run` on a list of one customer. */
  run: number;
}

const BIN = fileURLToPath(new URL('../../bin/aggregate.js', import.meta.url));
const REPEATS = 15;

/** How long the program takes to start: the three one after the other, again and again. */
export async function measureStarts(url: string, folder: string): Promise<Starts> {
  const list = join(folder, 'one.csv');
  await writeBenchList(list, 1);
  const times: Record<keyof Starts, number[]> = { bare: [], version: [], run: [] };
  for (let repeat = 0; repeat <= REPEATS; repeat += 1) {
    const output = join(folder, `one-${repeat}`);
    mkdirSync(output);
    const run = ['run', '--source-file', list, '--url', url, '--output-directory', output];
    const taken = { bare: timeMs(['-e', '0']), version: timeMs([BIN, '--version']), run: timeMs([BIN, ...run]) };
    // The first compiles, for all that come after it.
    if (repeat > 0) for (const name of ['bare', 'version', 'run'] as const) times[name].push(taken[name]);
  }
  return { bare: median(times.bare), version: median(times.version), run: median(times.run) };
}

function timeMs(args: string[]): number {
  const begunAtMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begunAtMs;
}
