import { existsSync, statSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { RecoveryError } from '../errors.ts';
import type { OutputLengths } from '../journal/journal-records.ts';
import type { RunPaths } from './claim-files.ts';
import { type Closable, closingOnError } from './closing-on-error.ts';
import { LateFile } from './late-file.ts';
import { OutputFile, syncDirectoryOf } from './output-file.ts';

/** The files of a run that is taken up again. */
export interface Reopened {
  results: OutputFile;
  log: OutputFile;
  failed: LateFile;
  exceptions: LateFile;
  journal: OutputFile;
  /** What was cut off, a sentence a file. */
  warnings: string[];
}

const OUTPUTS = ['results', 'failed', 'exceptions'] as const;

/**
 * Opens a run's files where its last checkpoint left them: what was written after it is cut off, and will be written
 * again. Throws a RecoveryError, before anything is touched, where one is shorter than the journal says.
 */
export async function reopenFiles(
  paths: RunPaths,
  lengths: OutputLengths,
  journalBytes: number,
  failedHead: Uint8Array,
): Promise<Reopened> {
  const warnings = OUTPUTS.flatMap((name) => surplusOf(paths[name], lengths[name]) ?? []);
  const opened: Closable[] = [];
  return await closingOnError(opened, async () => {
    const journal = await OutputFile.reopen(paths.journal, journalBytes);
    opened.push(journal);
    const results = await reopenOrCreate(paths.results, lengths.results);
    opened.push(results);
    const log = await reopenLog(paths.log);
    opened.push(log);
    const failed = new LateFile(paths.failed, failedHead, await reopenLate(paths.failed, lengths.failed));
    opened.push(failed);
    const exceptions = new LateFile(
      paths.exceptions,
      Buffer.of(),
      await reopenLate(paths.exceptions, lengths.exceptions),
    );
    opened.push(exceptions);
    for (const path of [paths.results, paths.failed, paths.exceptions]) await syncDirectoryOf(path);
    return { results, log, failed, exceptions, journal, warnings };
  });
}

/** A sentence where the file is longer than its checkpoint; throws where it is shorter. */
function surplusOf(path: string, length: number): string | undefined {
  const actual = existsSync(path) ? statSync(path).size : 0;
  if (actual < length) {
    throw new RecoveryError(
      `${path} has ${actual} bytes, the journal says ${length}: part of it is lost; nothing was touched`,
    );
  }
  return actual > length
    ? `${path}: cut back from ${actual} to ${length} bytes, where the last checkpoint was`
    : undefined;
}

async function reopenOrCreate(path: string, length: number): Promise<OutputFile> {
  return existsSync(path) ? await OutputFile.reopen(path, length) : await OutputFile.create(path);
}

/** A file that had not begun at the checkpoint begins anew, with its head. */
async function reopenLate(path: string, length: number): Promise<OutputFile | undefined> {
  if (length > 0) return await OutputFile.reopen(path, length);
  if (existsSync(path)) await unlink(path);
  return undefined;
}

/** The log is history, not output: it keeps all that it has, but for a line that was cut by a crash. */
async function reopenLog(path: string): Promise<OutputFile> {
  if (!existsSync(path)) return await OutputFile.create(path);
  if (!statSync(path).isFile()) return await OutputFile.openDevice(path);
  return await OutputFile.reopen(path, await wholeLineBytes(path));
}

/** Bytes up to the last line break; all of them where none is near the end. */
async function wholeLineBytes(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, 1024 * 1024));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const at = tail.lastIndexOf(0x0a);
    return at === -1 ? size : size - tail.length + at + 1;
  } finally {
    await handle.close();
  }
}
