import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../errors.ts';

/**
 * Copies a stream to a new file, synced: a list from standard input is gone once it is read, and a run must be able to go
 * on. Ends early, with nothing left behind, when `signal` is aborted.
 */
export async function spool(stream: Readable, path: string, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }), { signal });
  } catch (error) {
    await unlink(path).catch(() => {}); // Where it could not even be created there is nothing to remove.
    const what = error instanceof Error ? error.message : String(error);
    throw new UsageError(`standard input cannot be copied to ${path}: ${what}`, { cause: error });
  }
}
