import { outputShapeOf } from '../config/output-shape.ts';
import type { Settings } from '../config/schema.ts';
import { RecoveryError } from '../errors.ts';
import { readRunRecord } from '../journal/read-journal.ts';
import { recover } from '../journal/recover.ts';
import { outputPathsOf } from './begin-run.ts';
import { findRuns, hasBegun, type KnownRun } from './runs.ts';

/**
 * The run that a scheduled start goes on with: the newest one on the list that the settings name, where it is not
 * finished; undefined where a new one is to be started. An older one that is not finished was left by whoever started the
 * newer, and one whose list changed under it is no use any more. Throws a RecoveryError where an unfinished run cannot say
 * which list it had: never silently from the start.
 */
export async function findUnfinished(settings: Settings): Promise<KnownRun | undefined> {
  const { source_file: list } = outputShapeOf(settings);
  const runs = await findRuns(outputPathsOf(settings));
  for (const run of runs.filter(hasBegun)) {
    if ((await listOf(run)) === list) return (await canGoOn(run)) ? run : undefined;
  }
  return undefined;
}

const canGoOn = async ({ paths, summary }: KnownRun): Promise<boolean> =>
  summary === undefined && (await recover(paths.journal)).spoiled === undefined;

/** The list that a run had, as the hash in its journal; undefined for a finished run whose journal is damaged. */
async function listOf({ paths, summary }: KnownRun): Promise<string | undefined> {
  try {
    return (await readRunRecord(paths.journal)).settings.source_file;
  } catch (error) {
    if (summary === undefined || !(error instanceof RecoveryError)) throw error;
    return undefined;
  }
}
