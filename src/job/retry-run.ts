import type { FailureKind } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { RecoveryError } from '../errors.ts';
import { type Recovered, recover } from '../journal/recover.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { replaceFailed } from '../output/replace-failed.ts';
import { openListAt } from './open-source.ts';
import { planRetry, reopenFailed } from './reopen-failed.ts';
import { expectSameRun, expectUnspoiled } from './resume-run.ts';

/**
 * How many failed customers of these kinds (of all kinds where there are none) a retry would ask for again; more than 0
 * also where an earlier retry has not come to its end. Throws a RecoveryError where the run was never complete.
 */
export async function countRetriable(paths: RunPaths, kinds: readonly FailureKind[]): Promise<number> {
  const recovered = await recoverComplete(paths);
  if (recovered.end === undefined) return 1;
  return (await planRetry(recovered, paths.exceptions, kinds)).reopened.size;
}

/**
 * Makes the failed customers unsettled again, which a resume then asks for; gives how many. Also for a run whose earlier
 * retry was interrupted: what that one had reopened stays so.
 */
export async function retryRun(settings: Settings, paths: RunPaths, kinds: readonly FailureKind[]): Promise<number> {
  const recovered = await recoverComplete(paths);
  await expectSameRun(settings, recovered);
  await replaceFailed(paths, recovered.pendingRetry?.lengths);
  const plan = await planRetry(recovered, paths.exceptions, kinds);
  if (plan.reopened.size === 0) return 0;
  const list = await openListAt(recovered.run.source.path, settings);
  try {
    await reopenFailed(list, recovered, paths, plan);
  } finally {
    await list.close();
  }
  return plan.reopened.size;
}

async function recoverComplete(paths: RunPaths): Promise<Recovered> {
  const recovered = await recover(paths.journal);
  expectUnspoiled(recovered);
  if (recovered.wasComplete) return recovered;
  throw new RecoveryError(`run ${paths.stamp} is not finished: go on with it first (aggregate resume ${paths.stamp})`);
}
