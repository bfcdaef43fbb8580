/** Each doubling is divided into so many buckets: a value is known to within 2^(1/8), some 9 %. */
const BUCKETS_PER_DOUBLING = 8;
/** The first bucket holds everything up to this, in milliseconds. */
const FIRST_BOUND_MS = 2 ** -3;
/** The last bucket holds everything beyond 2^22 ms, 70 minutes: longer than a time limit may be. */
const LAST_BUCKET = 25 * BUCKETS_PER_DOUBLING;

/** A histogram as plain data, for messages and files. */
export interface LatencyCounts {
  /** Bucket, count, bucket, count …, ascending; those that are empty are left out. */
  buckets: number[];
  sumMs: number;
  maxMs: number;
}

/** The bucket of a latency. */
export function bucketOf(ms: number): number {
  if (!(ms > FIRST_BOUND_MS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log2(ms / FIRST_BOUND_MS) * BUCKETS_PER_DOUBLING));
}

/** The largest latency of a bucket, in milliseconds; each 8th is a power of two. */
export const upperBoundMs = (bucket: number): number => FIRST_BOUND_MS * 2 ** (bucket / BUCKETS_PER_DOUBLING);

/**
 * Latencies counted in buckets that grow by a constant factor, so that histograms of any children and any times add up
 * to the one that all would have made together: percentiles of sums are right to 5 %, where averages of percentiles are
 * not right at all (the idea of HdrHistogram and of Prometheus' native histograms).
 */
export class LatencyHistogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  static of(counts: LatencyCounts): LatencyHistogram {
    const histogram = new LatencyHistogram();
    histogram.add(counts);
    return histogram;
  }

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  record(ms: number): void {
    this.#countIn(bucketOf(ms), 1);
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  add({ buckets, sumMs, maxMs }: LatencyCounts): void {
    for (let i = 0; i + 1 < buckets.length; i += 2) this.#countIn(buckets[i] ?? 0, buckets[i + 1] ?? 0);
    this.#sumMs += sumMs;
    this.#maxMs = Math.max(this.#maxMs, maxMs);
  }

  /** The latency that a share `q` (0 to 1) of all does not exceed, in milliseconds; undefined where there are none. */
  quantileMs(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let below = 0;
    for (const [bucket, count] of this.#ascending()) {
      below += count;
      // The middle of the bucket, by factors; nothing was slower than the slowest.
      if (below >= rank) return Math.min(this.#maxMs, upperBoundMs(bucket) * 2 ** (-0.5 / BUCKETS_PER_DOUBLING));
    }
    return this.#maxMs;
  }

  /** How many did not exceed the upper bound of a bucket. */
  countUpTo(bucket: number): number {
    return this.#counts.entries().reduce((sum, [each, count]) => (each <= bucket ? sum + count : sum), 0);
  }

  counts(): LatencyCounts {
    return { buckets: this.#ascending().flat(), sumMs: this.#sumMs, maxMs: this.#maxMs };
  }

  #countIn(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += count;
  }

  #ascending(): [number, number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}

/** Two histograms as one. */
export function mergeCounts(a: LatencyCounts, b: LatencyCounts): LatencyCounts {
  const sum = LatencyHistogram.of(a);
  sum.add(b);
  return sum.counts();
}
