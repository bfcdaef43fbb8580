import { lstat, unlink } from 'node:fs/promises';
import type { RunRecord } from '../journal/journal-records.ts';
import { readRunRecord } from '../journal/read-journal.ts';
import { isDevice, type OutputPaths, type RunPaths, runPathsOf } from '../output/claim-files.ts';
import { newPathOf } from '../output/replace-file.ts';
import { readSummary } from './read-summary.ts';
import { stampsIn } from './runs.ts';

/** Of stamps of finished runs, the newest first, those to remove: beyond the first `keep`, and never `current`. */
export const stampsToRemove = (stamps: readonly string[], keep: number, current: string): string[] =>
  stamps.slice(keep).filter((stamp) => stamp !== current);

/**
 * Removes the files of finished runs of these outputs beyond the newest `keep`; resolves with what could not be removed,
 * a sentence each. Only what a run's own journal names as its files goes, with what stands beside it under its stamp, and only where it is a file: a run that cannot
 * say what it wrote is left alone, and so is one that is not finished, with the list that it still needs.
 */
export async function removeOldRuns(outputs: OutputPaths, keep: number, current: string): Promise<string[]> {
  const logIsDevice = await isDevice(outputs.log);
  const finished = new Map<string, string[]>();
  const needed = new Set<string>();
  for (const stamp of await stampsIn(outputs)) {
    const paths = runPathsOf(outputs, stamp, logIsDevice);
    // A journal that cannot be read is no ground for removing anything.
    const record = await readRunRecord(paths.journal).catch(() => undefined);
    if (record === undefined) continue;
    if (!(await isFinished(paths))) needed.add(record.source.path);
    else if (record.files.results === paths.results) finished.set(stamp, ownFiles(paths, record));
  }
  const old = stampsToRemove([...finished.keys()], keep, current).flatMap((stamp) => finished.get(stamp) ?? []);
  return await removeFiles(old.filter((path) => !needed.has(path)));
}

async function isFinished({ summary }: RunPaths): Promise<boolean> {
  const found = await readSummary(summary);
  return found !== undefined && found !== 'damaged';
}

/**
 * The files of a run in the order in which they are to go: what its journal names and what belongs to it, then journal and
 * summary, by which it is known.
 */
function ownFiles(paths: RunPaths, { files, source }: RunRecord): string[] {
  const { stamp: _, journal, summary, samples, report, ...others } = paths;
  const named = new Set([...Object.values(files), source.path]);
  // What a run that was killed was about to put in their place goes with them.
  const replaced = [samples, report].flatMap((path) => [newPathOf(path), path]);
  return [...Object.values(others).filter((path) => named.has(path)), ...replaced, journal, summary];
}

async function removeFiles(paths: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const path of paths) {
    await removeFile(path).catch((error: unknown) => {
      problems.push(`${path} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return problems;
}

/** A link, a device or a folder in the place of a file is somebody else's. */
async function removeFile(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile()) await unlink(path);
}
