import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import type { OutputCompression } from '../config/schema.ts';

/** How results are packed: in members (frames, as zstd calls them), each of which can be unpacked by itself. */
export interface Packing {
  /** Put behind the file's name. */
  suffix: '.gz' | '.zst';
  /** One whole member, with a checksum in it. */
  pack(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Loaded where something is packed only: 4 MB, and its part of the start. */
const zlib = () => process.getBuiltinModule('node:zlib');

const PACKINGS: Record<Exclude<OutputCompression, 'none'>, () => Packing> = {
  gzip: () => {
    const pack = promisify(zlib().gzip);
    return { suffix: '.gz', pack: (bytes) => pack(bytes) };
  },
  zstd: () => {
    const { zstdCompress, constants } = zlib();
    const pack = promisify<Uint8Array, { params: Record<number, number> }, Buffer>(zstdCompress);
    const withChecksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    return { suffix: '.zst', pack: (bytes) => pack(bytes, withChecksum) };
  },
};

/** Undefined where results are not packed. */
export const packingOf = (compression: OutputCompression): Packing | undefined =>
  compression === 'none' ? undefined : PACKINGS[compression]();

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
  const unpack = compression === 'gzip' ? zlib().createGunzip() : zlib().createZstdDecompress();
  const all = async function* () {
    yield first.value;
    yield* blocks;
  };
  // Errors come out of the reading side, too.
  yield* pipeline(all, unpack, () => {}) as AsyncIterable<Buffer>;
}
