import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { checkRun } from './checker.ts';
import type { Command, Evidence, Harm, Verdict } from './evidence.ts';
import { ObservedRun, type StartPlan } from './observed-run.ts';
import { LIST_HEADER, rowsOf } from './round.ts';
import { type FileName, type Injection, straceWords, TRACED_ENV, tracedPaths } from './strace.ts';

/** One injection into one start: a new run, the resume of one that was killed, or the retry of one that is complete. */
export interface SweepPoint extends Injection {
  phase: Command;
  /** The files whose calls are meant; all where it is left out. */
  files?: readonly FileName[];
  /** Which fdatasync kills the run that is to be resumed. */
  baseKillAt?: string;
}

export interface PointReport {
  /** False where the start had ended before the call came. */
  isReached: boolean;
  evidence: Evidence;
  verdict: Verdict;
}

const ROWS = 100;
const PASSING_FAULTS = { rate: 0.1, seed: 1, kinds: ['404', '503:1', 'html', 'hostile'] };
/** Faults that leave no trace once they are gone: those who met them are well after a retry. */
const FINAL_FAULTS = { rate: 0.1, seed: 1, kinds: ['404', 'html'] };
/** Small and quick, with every file written many times: a checkpoint as often as there is something to vouch for. */
const SETTINGS = {
  maxAttempts: 2,
  processCount: 2,
  requestsPerProcess: 4,
  chunkSize: 5,
  checkpointSeconds: 0.001,
  shape: { outputFormat: 'text', outputOrder: 'arrival', outputCompression: 'none' },
} as const;
/** Where a run is killed that is to be resumed, in its third checkpoint or so: its outputs are longer than its journal says. */
const BASE_KILL_AT = '15';
const PLAIN_STARTS = 2;

/** Runs one point in an empty folder: the injection, then starts that nobody harms until the run is complete. */
export async function runPoint(point: SweepPoint, folder: string): Promise<PointReport> {
  const list = join(folder, 'list.csv');
  const output = join(folder, 'out');
  mkdirSync(output);
  await writeList(list, ROWS);
  const isRetried = point.phase === 'retry';
  const faults = isRetried ? FINAL_FAULTS : PASSING_FAULTS;
  const endpoint = await startEndpoint({ faults, latencyMs: 1, isLogging: true });
  try {
    const rest = { endpoint, list, folder: output, header: LIST_HEADER, rows: rowsOf(ROWS), isRetried };
    const run = new ObservedRun({ ...SETTINGS, faults, ...rest });
    const isReached = isRetried
      ? await strikeRetry({ run, endpoint, point, folder })
      : await strikeRun({ run, endpoint, point, folder });
    const evidence = await run.evidence();
    return { isReached, evidence, verdict: checkRun(evidence) };
  } finally {
    await endpoint.close();
  }
}

interface Stage {
  run: ObservedRun;
  endpoint: Endpoint;
  point: SweepPoint;
  folder: string;
}

/** Strikes at a new run, or at a resume, and lets it come to its end; true where the injection struck. */
async function strikeRun({ run, point, folder }: Stage): Promise<boolean> {
  if (point.phase === 'resume') await tracedStart(run, folder, baseKillOf(point), { command: 'run' });
  const isReached = await tracedStart(run, folder, point, { command: run.nextCommand });
  for (let i = 0; i < PLAIN_STARTS && !run.isComplete; i += 1) await run.start({ command: run.nextCommand });
  return isReached;
}

/** Strikes at a retry of some of those who failed; the next one is for all of them. */
async function strikeRetry({ run, endpoint, point, folder }: Stage): Promise<boolean> {
  await run.start({ command: 'run' });
  endpoint.setFaults(undefined);
  const isReached = await tracedStart(run, folder, point, { command: 'retry', words: ['--kind', 'http_4xx'] });
  await run.start({ command: 'retry' });
  return isReached;
}

/** Starts the program under strace; true where the injection struck. The trace stays in `point.trace`. */
async function tracedStart(run: ObservedRun, folder: string, point: Target, plan: StartPlan): Promise<boolean> {
  const trace = join(folder, 'point.trace');
  const paths = tracedPaths(join(folder, 'out'), plan.command === 'run' ? undefined : run.stamp, point.files);
  const options = { wrapper: straceWords(point, paths, trace), env: TRACED_ENV };
  const { signal } = await run.start({ ...plan, harm: async () => [harmOf(point)], options });
  return signal === 'SIGKILL' || /\(INJECTED\)|--- SIGTERM /.test(readFileSync(trace, 'utf8'));
}

function harmOf({ effect, syscall }: Target): Harm {
  if (effect === 'signal=KILL') return { by: 'signal', to: 'parent', signal: 'SIGKILL' };
  if (effect === 'signal=TERM') return { by: 'signal', to: 'parent', signal: 'SIGTERM' };
  return { by: 'error', error: `${syscall}:${effect}` };
}

type Target = Omit<SweepPoint, 'phase'>;

const baseKillOf = ({ baseKillAt = BASE_KILL_AT }: SweepPoint): Target => ({
  syscall: 'fdatasync',
  effect: 'signal=KILL',
  when: baseKillAt,
});
