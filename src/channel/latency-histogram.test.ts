import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, LatencyHistogram, mergeCounts, upperBoundMs } from './latency-histogram.ts';

const latencies = fc.array(fc.double({ min: 0.2, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 200 });
const histogramOf = (values: readonly number[]) => {
  const histogram = new LatencyHistogram();
  for (const ms of values) histogram.record(ms);
  return histogram;
};
/** Sums of the same numbers in another order differ in their last digits. */
const rounded = ({ buckets, sumMs, maxMs }: ReturnType<LatencyHistogram['counts']>) => ({
  buckets,
  sumMs: Number(sumMs.toPrecision(10)),
  maxMs,
});

describe('LatencyHistogram', () => {
  it('gives percentiles within 5 % of those of the values themselves', () => {
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.9, 0.99, 1), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
        const told = histogramOf(values).quantileMs(q) ?? 0;
        expect(Math.abs(told - exact) / exact).toBeLessThan(0.05);
      }),
    );
  });

  it('is the same whether values are counted together or apart and then merged, in any order', () => {
    fc.assert(
      fc.property(latencies, latencies, (a, b) => {
        const together = rounded(histogramOf([...a, ...b]).counts());
        expect(rounded(mergeCounts(histogramOf(a).counts(), histogramOf(b).counts()))).toEqual(together);
        expect(rounded(mergeCounts(histogramOf(b).counts(), histogramOf(a).counts()))).toEqual(together);
      }),
    );
  });

  it('has its bounds at the powers of two, so that coarser buckets are exact', () => {
    expect([1, 2, 1024].map((ms) => upperBoundMs(bucketOf(ms)))).toEqual([1, 2, 1024]);
    expect(histogramOf([1, 1.01, 2, 2.01]).countUpTo(bucketOf(2))).toBe(3);
  });

  it('puts what is no time, or longer than any limit, into its outermost buckets', () => {
    expect([0, -1, Number.NaN].map(bucketOf)).toEqual([0, 0, 0]);
    expect(bucketOf(Number.POSITIVE_INFINITY)).toBe(bucketOf(2 ** 22));
    expect(new LatencyHistogram().quantileMs(0.5)).toBeUndefined();
  });
});
