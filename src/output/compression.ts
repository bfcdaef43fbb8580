import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, createZstdDecompress, gzip, zstdCompress } from 'node:zlib';
import type { OutputCompression } from '../config/schema.ts';

/** How results are packed: in members (frames, as zstd calls them), each of which can be unpacked by itself. */
export interface Packing {
  /** Put behind the file's name. */
  suffix: '.gz' | '.zst';
  /** One whole member, with a checksum in it. */
  pack(bytes: Uint8Array): Promise<Uint8Array>;
}

const packGzip = promisify(gzip);
const packZstd = promisify<Uint8Array, { params: Record<number, number> }, Buffer>(zstdCompress);
const WITH_CHECKSUM = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

const PACKINGS: Record<Exclude<OutputCompression, 'none'>, Packing> = {
  gzip: { suffix: '.gz', pack: (bytes) => packGzip(bytes) },
  zstd: { suffix: '.zst', pack: (bytes) => packZstd(bytes, WITH_CHECKSUM) },
};

/** Undefined where results are not packed. */
export const packingOf = (compression: OutputCompression): Packing | undefined =>
  compression === 'none' ? undefined : PACKINGS[compression];

/** What packed bytes hold, member after member. Throws zlib's error where they are damaged or cut short. */
export async function* decompressed(
  blocks: AsyncGenerator<Buffer>,
  compression: OutputCompression,
): AsyncGenerator<Buffer> {
  if (compression === 'none') {
    yield* blocks;
    return;
  }
  const first = await blocks.next();
  // No bytes are no members, and no damage.
  if (first.done === true) return;
  const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  const all = async function* () {
    yield first.value;
    yield* blocks;
  };
  // Errors come out of the reading side, too.
  yield* pipeline(all, unpack, () => {}) as AsyncIterable<Buffer>;
}
