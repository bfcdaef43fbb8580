import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { SourceError } from '../errors.ts';

/** Length in bytes and SHA-256 (hexadecimal) of a list, read from its beginning to its end. */
export async function fingerprintOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const block of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(block);
      bytes += block.length;
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SourceError(`the list ${path} cannot be read: ${what}`, { cause: error });
  }
  return { bytes, sha256: hash.digest('hex') };
}
