import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureKind } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { StopError } from '../errors.ts';
import { type Lock, type LockHolder, lockOutputs } from '../journal/lock.ts';
import { expectDirectories } from '../output/claim-files.ts';
import { closeAll } from '../output/closing-on-error.ts';
import { stampOf } from '../output/stamp.ts';
import { emptyTally } from '../output/tally.ts';
import { createAnnouncer } from './announcer.ts';
import { outputPathsOf } from './begin-run.ts';
import { beginAgain, beginAgainOrNew, beginNew, beginRetry } from './beginnings.ts';
import { Companions } from './companions.ts';
import { DeadlineWatch } from './deadline.ts';
import { type Ending, exitCodeFor, tellError } from './exit-code.ts';
import { removeOldRuns } from './remove-old-runs.ts';
import { Run, type RunStart } from './run.ts';
import { runOptionsOf } from './run-options.ts';
import type { KnownRun } from './runs.ts';
import { keepHeapSteady } from './steady-heap.ts';
import type { JobSurroundings, RunReport } from './surroundings.ts';

/** Runs a job from its list to its summary. Errors are in the report's `ending`; it does not throw. */
export async function runJob(settings: Settings, secrets: string[], surroundings: JobSurroundings): Promise<RunReport> {
  return await execute(settings, secrets, surroundings, () => beginNew(settings, surroundings));
}

/** Takes an unfinished run up again, to the files that it would have had. It does not throw. */
export async function resumeJob(
  settings: Settings,
  secrets: string[],
  surroundings: JobSurroundings,
  { paths }: KnownRun,
): Promise<RunReport> {
  return await execute(settings, secrets, surroundings, () => beginAgain(settings, surroundings, paths), paths.stamp);
}

/** Takes up the newest run on the same list where it is unfinished, and tells its stamp; else starts a new one. It does not throw. */
export async function resumeOrRunJob(
  settings: Settings,
  secrets: string[],
  surroundings: JobSurroundings,
  onGoingOn: (stamp: string) => void,
): Promise<RunReport> {
  const begin = () => beginAgainOrNew(settings, surroundings, onGoingOn);
  return await execute(settings, secrets, surroundings, begin);
}

/** Asks again for the failed customers, of these kinds where there are any, of a run that was complete. It does not throw. */
export async function retryJob(
  settings: Settings,
  secrets: string[],
  surroundings: JobSurroundings,
  { paths }: KnownRun,
  kinds: readonly FailureKind[],
): Promise<RunReport> {
  const begin = () => beginRetry(settings, surroundings, paths, kinds);
  return await execute(settings, secrets, surroundings, begin, paths.stamp);
}

type Begin = () => Promise<RunStart>;

/** Executes a run, and tells those who are to know when it begins and when it has ended; `stamp` is its, where it has one. */
async function execute(
  settings: Settings,
  secrets: string[],
  surroundings: JobSurroundings,
  begin: Begin,
  stamp?: string,
): Promise<RunReport> {
  const announcer = createAnnouncer(settings, surroundings);
  const begun = (begunStamp: string) => {
    surroundings.begun(begunStamp);
    announcer.begun();
  };
  const report = await workToEnd(settings, secrets, { ...surroundings, begun }, begin, stamp);
  await announcer.ended(report);
  return report;
}

/** Takes the lock, starts or takes up a run, works to its end, and lets go of everything again. */
async function workToEnd(
  settings: Settings,
  secrets: string[],
  surroundings: JobSurroundings,
  begin: Begin,
  stamp?: string,
): Promise<RunReport> {
  const { shutdown, now } = surroundings;
  const begunAt = now();
  let lock: Lock | undefined;
  let start: RunStart | undefined;
  let run: Run | undefined;
  let ending: Ending;
  let isLeftAlone = false;
  let companions: Companions | undefined;
  const deadline = new DeadlineWatch(begunAt, now, (why) => shutdown.stopFor(new StopError(why)));
  deadline.set(settings);
  try {
    keepHeapSteady();
    for (const warning of surroundings.warnings) surroundings.warn(warning);
    lock = await lockFor(settings, holderOf(stamp ?? stampOf(begunAt), begunAt));
    const beginning = begin();
    start = await unlessStopped(beginning, shutdown.stopSignal, () => {
      isLeftAlone = true;
      releaseAfter(beginning, lock);
    });
    lock.note(holderOf(start.paths.stamp, begunAt));
    surroundings.begun(start.paths.stamp);
    run = new Run(start, runOptionsOf(settings, secrets, surroundings), surroundings);
    companions = new Companions({ run, paths: start.paths, settings, secrets, surroundings, deadline });
    await companions.start();
    ending = await run.toEnd();
    await companions.end(ending);
    if (exitCodeFor(ending) === 0) await removeOld(settings, start.paths.stamp, surroundings.warn);
  } catch (error) {
    // A wish to end also ends a copy of standard input; then it is what happened.
    ending = shutdown.ending ?? { is: 'error', error };
  } finally {
    companions?.stop();
    deadline.stop();
    await start?.list.close();
    if (!isLeftAlone) lock?.release();
  }
  const durationMs = now().getTime() - begunAt.getTime();
  const { paths } = start ?? {};
  const { tally = start?.tally ?? emptyTally(), isListRead = false } = run ?? {};
  const flow = run?.flowAccount;
  return { ending, exitCode: exitCodeFor(ending), tally, paths, durationMs, isListRead, flow };
}

/** Removes older runs where the settings say so; what goes wrong with that is told, and changes nothing about the run. */
async function removeOld(settings: Settings, current: string, warn: (message: string) => void): Promise<void> {
  const { keep_runs: keep } = settings;
  if (keep === null) return;
  const problems = await removeOldRuns(outputPathsOf(settings), keep, current).catch((error: unknown) => [
    `older runs could not be removed: ${tellError(error)}`,
  ]);
  for (const problem of problems) warn(problem);
}

/** How long a beginning that was asked to stop may take to end by itself; it may hang, as the opening of a pipe does. */
const BEGIN_LIMIT_MS = 2000;

/** The start of a run, unless a signal comes and it is not there soon after: then it is left to itself, and `onLeft` called. */
async function unlessStopped(
  beginning: Promise<RunStart>,
  stopSignal: AbortSignal,
  onLeft: () => void,
): Promise<RunStart> {
  const over = new AbortController();
  const stopped = once(stopSignal, 'abort', { signal: over.signal }).then(async () => {
    await sleep(BEGIN_LIMIT_MS, undefined, { signal: over.signal });
    onLeft();
    throw new StopError('stopped before the run had begun');
  });
  try {
    return await Promise.race([beginning, stopped]);
  } finally {
    stopped.catch(() => {}); // Nobody waits for it any more.
    over.abort();
  }
}

/** A beginning that was left to itself may still write: it has the outputs until it ends, or its process does. */
function releaseAfter(beginning: Promise<RunStart>, lock: Lock | undefined): void {
  const release = () => lock?.release();
  beginning.then(async ({ list, files: { results, log, failed, exceptions, journal } }) => {
    await closeAll([list, results, ...(log === undefined ? [] : [log]), failed, exceptions, journal]);
    release();
  }, release);
}

/** One run at a time on the same outputs. */
async function lockFor(settings: Settings, holder: LockHolder): Promise<Lock> {
  const outputs = outputPathsOf(settings);
  await expectDirectories(outputs);
  return await lockOutputs([outputs.results, outputs.failed], holder);
}

const holderOf = (stamp: string, begunAt: Date): LockHolder => ({
  pid: process.pid,
  stamp,
  since: begunAt.toISOString(),
});
