import type { FailureKind } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { type Recovered, recover } from '../journal/recover.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { closingOnError } from '../output/closing-on-error.ts';
import { beginRun } from './begin-run.ts';
import { expectRetriable, expectUnfinished } from './nothing-to-do.ts';
import { openListAt, openSource } from './open-source.ts';
import { expectSameRun, resumeRun } from './resume-run.ts';
import { retryRun } from './retry-run.ts';
import type { Beginning, RunStart } from './run.ts';
import type { JobSurroundings } from './surroundings.ts';
import { findUnfinished } from './unfinished-run.ts';

/*
 * The ways in which a start of a run begins. Each is called by who has the outputs: what was found before that may have
 * changed meanwhile, and is looked at again here.
 */

/** A new run. */
export async function beginNew(settings: Settings, { stdin, shutdown, now }: JobSurroundings): Promise<RunStart> {
  const opened = await openSource(settings, stdin, shutdown.stopSignal);
  return await closingOnError([opened.list], () => beginRun(settings, opened, now()));
}

/** A run that goes on. Throws a FinishedError where it is over. */
export async function beginAgain(
  settings: Settings,
  surroundings: JobSurroundings,
  paths: RunPaths,
): Promise<RunStart> {
  await expectUnfinished(paths);
  const recovered = await recover(paths.journal);
  await expectSameRun(settings, recovered);
  const settled = recovered.ok.size + recovered.failed.size;
  const beginning: Beginning = { kind: 'resumed', mark: `[Run resumed] ${settled} settled before` };
  return await takeUp(settings, surroundings, recovered, paths, beginning);
}

/** The run that goes on where one is unfinished, a new one where none is; `onGoingOn` is told which. */
export async function beginAgainOrNew(
  settings: Settings,
  surroundings: JobSurroundings,
  onGoingOn: (stamp: string) => void,
): Promise<RunStart> {
  const unfinished = await findUnfinished(settings);
  if (unfinished === undefined) return await beginNew(settings, surroundings);
  onGoingOn(unfinished.paths.stamp);
  return await beginAgain(settings, surroundings, unfinished.paths);
}

/** A run whose failed customers of these kinds (of all kinds where there are none) are asked for again. Throws a FinishedError where there are none. */
export async function beginRetry(
  settings: Settings,
  surroundings: JobSurroundings,
  paths: RunPaths,
  kinds: readonly FailureKind[],
): Promise<RunStart> {
  await expectRetriable(paths, kinds);
  const reopened = await retryRun(settings, paths, kinds);
  // From here on it goes on as it would after a crash: there is no second way for it to be right.
  const recovered = await recover(paths.journal);
  const beginning: Beginning = { kind: 'retried', mark: `[Run retried] ${reopened} failed before` };
  return await takeUp(settings, surroundings, recovered, paths, beginning);
}

async function takeUp(
  settings: Settings,
  surroundings: JobSurroundings,
  recovered: Recovered,
  paths: RunPaths,
  beginning: Beginning,
): Promise<RunStart> {
  const list = await openListAt(recovered.run.source.path, settings);
  const { start, warnings } = await closingOnError([list], () =>
    resumeRun(settings, list, recovered, paths, beginning),
  );
  for (const warning of warnings) surroundings.warn(warning);
  return start;
}
