import { hash, randomBytes } from 'node:crypto';

const BUCKETS = 1024;
/** Words of 32 bits in a bucket. */
const LANES = 4;

/**
 * Compares two multisets of texts in constant memory, whatever their order: each text adds its hash to its bucket on one
 * side and takes it away on the other, so that equal multisets leave zeros.
 *
 * What it proves: equal multisets are always even. Unequal ones look even with a probability of at most 2^-128 where some
 * text stands an odd number of times more on one side, and of 2^(4k-128) where every difference is a multiple of 2^k, which
 * for a million texts is below 2^-44. The hash (SHA-256) is keyed with random bytes of this audit's own, so the same
 * holds against who edits the files on purpose.
 */
export class Balance {
  readonly #key = randomBytes(16).toString('hex');
  readonly #sums = new Uint32Array(BUCKETS * LANES);
  #texts = 0;

  /** A text that ought to be there. */
  expect(text: string): void {
    const digest = this.#digest(text);
    const at = this.#bucketIn(digest) * LANES;
    for (let lane = 0; lane < LANES; lane += 1) {
      this.#sums[at + lane] = (this.#sums[at + lane] ?? 0) + digest.readUInt32LE(lane * 4);
    }
    this.#texts += 1;
  }

  /** A text that is there. */
  see(text: string): void {
    const digest = this.#digest(text);
    const at = this.#bucketIn(digest) * LANES;
    for (let lane = 0; lane < LANES; lane += 1) {
      this.#sums[at + lane] = (this.#sums[at + lane] ?? 0) - digest.readUInt32LE(lane * 4);
    }
    this.#texts += 1;
  }

  /** The bucket of a text. */
  bucketOf(text: string): number {
    return this.#bucketIn(this.#digest(text));
  }

  /** The buckets in which the sides differ, in parts that hold about `maxTexts` texts each. */
  unevenParts(maxTexts: number): ReadonlySet<number>[] {
    const uneven = Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter((bucket) => this.#isUneven(bucket));
    const perPart = Math.max(1, Math.floor((maxTexts * BUCKETS) / Math.max(1, this.#texts)));
    const parts: ReadonlySet<number>[] = [];
    for (let at = 0; at < uneven.length; at += perPart) parts.push(new Set(uneven.slice(at, at + perPart)));
    return parts;
  }

  #isUneven(bucket: number): boolean {
    return this.#sums.subarray(bucket * LANES, (bucket + 1) * LANES).some((sum) => sum !== 0);
  }

  #digest(text: string): Buffer {
    return hash('sha256', this.#key + text, 'buffer');
  }

  #bucketIn(digest: Buffer): number {
    return digest.readUInt32LE(LANES * 4) % BUCKETS;
  }
}
