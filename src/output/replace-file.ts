import { rename, rm } from 'node:fs/promises';
import { OutputError } from '../errors.ts';
import { OutputFile, syncDirectoryOf } from './output-file.ts';

/** Where the file stands that is to replace the one at `path`. */
export const newPathOf = (path: string): string => `${path}.new`;

/**
 * Writes what is to replace the file at `path` to a file beside it; resolves with its length in bytes when it is on the
 * disk, its name too. One that a crash left there before is written anew, and one that could not be written whole is taken
 * away: on a full disk it would only use up room.
 */
export async function writeNew(path: string, fill: (file: OutputFile) => Promise<void>): Promise<number> {
  await removeNew(path);
  const file = await OutputFile.create(newPathOf(path));
  try {
    await fillAndClose(file, fill);
  } catch (error) {
    // What could not be written is worth telling, not that its rest is still there.
    await removeNew(path).catch(() => {});
    throw error;
  }
  await syncDirectoryOf(path);
  return file.bytesWritten;
}

async function fillAndClose(file: OutputFile, fill: (file: OutputFile) => Promise<void>): Promise<void> {
  try {
    await fill(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the new file in the place of the old; resolves when that is on the disk. */
export async function replaceByNew(path: string): Promise<void> {
  await rename(newPathOf(path), path).catch((error: unknown) => {
    throw new OutputError(path, error);
  });
  await syncDirectoryOf(path);
}

/** Takes away a new file that replaces nothing any more. */
export async function removeNew(path: string): Promise<void> {
  await removeFile(newPathOf(path));
}

/** Takes a file away, where it is there; resolves when that is on the disk. */
export async function removeDurably(path: string): Promise<void> {
  await removeFile(path);
  await syncDirectoryOf(path);
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw new OutputError(path, error);
  });
}
