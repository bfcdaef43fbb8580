import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { readProblem } from './read-problem.ts';

/** How long a pipe is waited for: to whoever writes to it a few seconds are enough, and it may be that nobody does. */
const PIPE_PATIENCE_MS = 10_000;
const PAUSE_MS = 10;
const BLOCK_BYTES = 16 * 1024;

/** What a file holds, or why that is not known, in words that hold nothing of it. */
export type Content = { bytes: Buffer } | { problem: string };

/** What came through pipes, by path: it comes once, and settings are read again while a run is on. */
const fromPipes = new Map<string, Buffer>();

/**
 * Reads a small file, or what comes through a pipe (`<(command)`, a named one) until it is closed. What is larger than
 * `maxBytes` is read no further; a pipe from which nothing comes is not waited for without end,
 * and gives what it gave before where it has nothing new.
 */
export function readLimited(path: string, maxBytes: number, patienceMs = PIPE_PATIENCE_MS): Content {
  let file: number | undefined;
  try {
    // A pipe that nobody has opened for writing would else be waited for by the system.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(file).isFIFO()) return readPipe(file, path, maxBytes, patienceMs);
    return readToEnd(file, maxBytes, patienceMs, false);
  } catch (error) {
    return { problem: readProblem(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readPipe(file: number, path: string, maxBytes: number, patienceMs: number): Content {
  const known = fromPipes.get(path);
  const content = readToEnd(file, maxBytes, known === undefined ? patienceMs : 0, true);
  if ('problem' in content) return known === undefined ? content : { bytes: known };
  fromPipes.set(path, content.bytes);
  return content;
}

function readToEnd(file: number, maxBytes: number, patienceMs: number, isPipe: boolean): Content {
  const untilMs = performance.now() + patienceMs;
  const blocks: Buffer[] = [];
  for (let size = 0; size <= maxBytes; ) {
    const block = readBlock(file);
    // A pipe without a byte is one that nobody writes to yet.
    if (block?.length === 0 && (size > 0 || !isPipe)) return { bytes: Buffer.concat(blocks) };
    if (block === undefined || block.length === 0) {
      if (performance.now() >= untilMs) return { problem: `it did not come to its end within ${patienceMs / 1000} s` };
      pause();
      continue;
    }
    blocks.push(block);
    size += block.length;
  }
  return { problem: 'it is too large' };
}

/** Undefined where nothing has come yet. */
function readBlock(file: number): Buffer | undefined {
  const block = Buffer.alloc(BLOCK_BYTES);
  try {
    return block.subarray(0, readSync(file, block));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

/** Settings are read in one go: whoever reads them has nothing else to do meanwhile. */
const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
