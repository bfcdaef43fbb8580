import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { type Ended, startAggregate } from '../testing/aggregate-process.ts';
import { processesOf } from '../testing/process-group.ts';

/** The heap that each process of the program may have, in MB: far less than a list of millions would need at once (P6). */
const HEAP_MB = 96;
const LOOK_EVERY_MS = 200;

/** How a command of the program ended, how long it took, and the most memory that its processes had, in MB. */
interface Observed extends Ended {
  seconds: number;
  parentMb: number;
  childMb: number;
}

/** Runs a list of so many customers in processes with a small heap, then verifies it in one; gives how many failed, 0 or 1. */
export async function runLongList(count: number, folder: string, say: (line: string) => void): Promise<number> {
  const own = join(folder, 'long-list');
  const output = join(own, 'out');
  mkdirSync(output, { recursive: true });
  const list = join(own, 'list.csv');
  await writeList(list, count);
  const endpoint = await startEndpoint();
  const settings = ['--source-file', list, '--url', endpoint.template, '--output-directory', output];
  const run = await observe(['run', ...settings, '--process-count', '2', '--log-level', 'warn']);
  const verify = await observe(['verify', ...settings]);
  await endpoint.close();
  const violations = [
    ...(run.exitCode === 0 ? [] : [`the run ended with ${run.signal ?? run.exitCode}: ${run.stderr}`]),
    ...(endpoint.requests === count ? [] : [`${endpoint.requests} requests for ${count} customers`]),
    ...(verify.exitCode === 0 ? [] : [`verify ended with ${verify.signal ?? verify.exitCode}: ${verify.stdout}`]),
  ];
  say(`long list: ${count} customers, heap of ${HEAP_MB} MB a process: ${tell('run', run)}; ${tell('verify', verify)}`);
  for (const violation of violations) say(`  ${violation}`);
  if (violations.length === 0) rmSync(own, { recursive: true });
  return violations.length === 0 ? 0 : 1;
}

async function observe(args: string[]): Promise<Observed> {
  const begunAtMs = performance.now();
  const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
  const { process: parent, ended } = startAggregate(args, { env, isDetached: true });
  const pid = parent.pid ?? 0;
  const peaks = new Map<number, number>();
  const look = setInterval(() => {
    for (const each of processesOf(pid)) peaks.set(each, peakMegabytesOf(each) ?? peaks.get(each) ?? 0);
  }, LOOK_EVERY_MS);
  const end = await ended;
  clearInterval(look);
  const seconds = (performance.now() - begunAtMs) / 1000;
  const children = [...peaks].filter(([each]) => each !== pid).map(([, mb]) => mb);
  return { ...end, seconds, parentMb: peaks.get(pid) ?? 0, childMb: Math.max(0, ...children) };
}

/** The most resident memory that a process has had, from /proc (proc(5)). */
function peakMegabytesOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // A process that has just ended has no memory any more.
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1000;
  } catch {
    return undefined; // It is gone meanwhile: what was seen of it before stands.
  }
}

function tell(what: string, { exitCode, signal, seconds, parentMb, childMb }: Observed): string {
  const children = childMb === 0 ? '' : `, largest child ${childMb.toFixed(0)} MB`;
  return `${what} ended with ${signal ?? exitCode} after ${seconds.toFixed(0)} s, parent ${parentMb.toFixed(0)} MB${children}`;
}
