import type { FailureKind } from '../channel/protocol.ts';
import { FinishedError } from '../errors.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { readSummary } from './read-summary.ts';
import { countRetriable } from './retry-run.ts';

/*
 * Both are asked twice: before the lock is taken, so that who has nothing to do keeps nobody waiting and waits for nobody;
 * and again under the lock, since another process may have brought the run to its end meanwhile.
 */

/** Throws a FinishedError where a run is over, and there is nothing to resume. */
export async function expectUnfinished({ stamp, summary }: RunPaths): Promise<void> {
  const exitCode = await finishedWith(summary);
  if (exitCode === undefined) return;
  throw new FinishedError(`nothing to do: run ${stamp} is finished (exit code ${exitCode})`, exitCode);
}

/**
 * Throws a FinishedError where a run is over, and none of its customers failed in one of these ways (in any, where there
 * are none); a RecoveryError where it was never complete.
 */
export async function expectRetriable(paths: RunPaths, kinds: readonly FailureKind[]): Promise<void> {
  const exitCode = await finishedWith(paths.summary);
  if (exitCode === undefined || (await countRetriable(paths, kinds)) > 0) return;
  const which = kinds.length === 0 ? '' : ` of kind ${kinds.join(' or ')}`;
  throw new FinishedError(`nothing to do: run ${paths.stamp} has no failed customers${which}`, exitCode);
}

/** Undefined where it is not over. */
async function finishedWith(summaryPath: string): Promise<number | undefined> {
  const summary = await readSummary(summaryPath);
  return summary === undefined || summary === 'damaged' ? undefined : summary.exit_code;
}
