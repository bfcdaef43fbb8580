import { existsSync, statSync } from 'node:fs';
import { RecoveryError } from '../errors.ts';
import type { OutputLengths } from '../journal/journal-records.ts';
import type { RunPaths } from './claim-files.ts';
import { newPathOf, removeDurably, removeNew, replaceByNew } from './replace-file.ts';

const REPLACED = ['failed', 'exceptions'] as const;

/**
 * Does, or does to its end, what the record of a retry promised: the failed and exceptions files are those without the
 * reopened rows, `lengths` long. May be done again after a crash at any moment. Without such a record (`lengths` is
 * undefined) it takes away what a retry left that did not come so far.
 */
export async function replaceFailed(paths: RunPaths, lengths: OutputLengths | undefined): Promise<void> {
  for (const name of REPLACED) {
    if (lengths === undefined) await removeNew(paths[name]);
    else await replace(paths[name], lengths[name]);
  }
}

async function replace(path: string, length: number): Promise<void> {
  if (length === 0) {
    await removeDurably(path);
    return;
  }
  const fresh = newPathOf(path);
  const isReplaced = !existsSync(fresh);
  expectLength(isReplaced ? path : fresh, length);
  if (!isReplaced) await replaceByNew(path);
}

/** The old file is longer, the new one has nothing appended to it yet. */
function expectLength(path: string, length: number): void {
  const actual = existsSync(path) ? statSync(path).size : 0;
  if (actual === length) return;
  throw new RecoveryError(`${path} has ${actual} bytes, the journal says ${length}; it was not touched`);
}
