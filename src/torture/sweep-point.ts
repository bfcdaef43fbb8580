import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { checkRun } from './checker.ts';
import type { Evidence, Harm, Verdict } from './evidence.ts';
import { ObservedRun } from './observed-run.ts';
import { LIST_HEADER, rowsOf } from './round.ts';
import { type FileName, type Injection, straceWords, TRACED_ENV, tracedPaths } from './strace.ts';

/** One injection into one start: into a new run, or into the resume of one that was killed. */
export interface SweepPoint extends Injection {
  phase: 'run' | 'resume';
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
/** Small and quick, with every file written many times: a checkpoint as often as there is something to vouch for. */
const SETTINGS = {
  faults: { rate: 0.1, seed: 1, kinds: ['404', '503:1', 'html', 'hostile'] },
  maxAttempts: 2,
  processCount: 2,
  requestsPerProcess: 4,
  chunkSize: 5,
  checkpointSeconds: 0.001,
};
/** Where a run is killed that is to be resumed, in its third checkpoint or so: its outputs are longer than its journal says. */
const BASE_KILL_AT = '15';
const PLAIN_STARTS = 2;

/** Runs one point in an empty folder: the injection, then starts that nobody harms until the run is complete. */
export async function runPoint(point: SweepPoint, folder: string): Promise<PointReport> {
  const list = join(folder, 'list.csv');
  const output = join(folder, 'out');
  mkdirSync(output);
  await writeList(list, ROWS);
  const endpoint = await startEndpoint({ faults: SETTINGS.faults, latencyMs: 1, isLogging: true });
  try {
    const setup = { ...SETTINGS, endpoint, list, folder: output, header: LIST_HEADER, rows: rowsOf(ROWS) };
    const run = new ObservedRun(setup);
    if (point.phase === 'resume') await tracedStart(run, output, baseKillOf(point), join(folder, 'base.trace'));
    const trace = join(folder, 'point.trace');
    const isReached = await tracedStart(run, output, point, trace);
    for (let i = 0; i < PLAIN_STARTS && !run.isComplete; i += 1) await run.start({ command: run.nextCommand });
    const evidence = await run.evidence();
    return { isReached, evidence, verdict: checkRun(evidence) };
  } finally {
    await endpoint.close();
  }
}

/** Starts the program under strace; true where the injection struck. */
async function tracedStart(run: ObservedRun, folder: string, point: Injection, trace: string): Promise<boolean> {
  const command = run.nextCommand;
  const paths = tracedPaths(folder, command === 'resume' ? run.stamp : undefined, filesOf(point));
  const options = { wrapper: straceWords(point, paths, trace), env: TRACED_ENV };
  const harm: Harm =
    point.effect === 'signal=KILL'
      ? { by: 'signal', to: 'parent', signal: 'SIGKILL' }
      : { by: 'error', error: `${point.syscall}:${point.effect}` };
  const { signal } = await run.start({ command, harm: async () => [harm], options });
  return signal === 'SIGKILL' || readFileSync(trace, 'utf8').includes('(INJECTED)');
}

const baseKillOf = ({ baseKillAt = BASE_KILL_AT }: SweepPoint): Injection => ({
  syscall: 'fdatasync',
  effect: 'signal=KILL',
  when: baseKillAt,
});

const filesOf = (point: Injection & { files?: readonly FileName[] }) => point.files;
