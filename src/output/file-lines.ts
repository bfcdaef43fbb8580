import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;
/** What is longer is no line of ours, and is given in pieces. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/**
 * The lines of a file's bytes from `start` to before `end` with their line breaks (LF), those of a block at a time; the
 * last may lack its line break, as may one that is longer than 32 MiB. Throws the system's error where it cannot be read.
 */
export const fileLines = (path: string, end: number, start = 0): AsyncGenerator<Buffer[]> =>
  linesOf(fileBlocks(path, end, start));

/** The lines of bytes that come in blocks; see `fileLines`. */
export async function* linesOf(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const block of blocks) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, from)) {
      const tail = block.subarray(from, at + 1);
      lines.push(restBytes === 0 ? tail : Buffer.concat([...rest, tail]));
      rest = [];
      restBytes = 0;
      from = at + 1;
    }
    if (from < block.length) rest.push(block.subarray(from));
    restBytes += block.length - from;
    if (restBytes > MAX_LINE_BYTES) {
      lines.push(Buffer.concat(rest));
      rest = [];
      restBytes = 0;
    }
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [Buffer.concat(rest)];
}

/** A file's bytes from `start` to before `end`. */
export async function* fileBlocks(path: string, end: number, start = 0): AsyncGenerator<Buffer> {
  if (end <= start) return;
  const blocks: AsyncIterable<Buffer> = createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 });
  yield* blocks;
}
