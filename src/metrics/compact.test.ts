import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf } from '../channel/latency-histogram.ts';
import { compact } from './compact.ts';
import { mergeSamples, type Sample } from './sample.ts';

const second = (at: number, ok: number, gapMs = 0): Sample => ({
  from: at * 1000 + gapMs,
  to: at * 1000 + 1000 + gapMs,
  activeMs: 1000,
  ok,
  failures: ok % 3 === 0 ? { timeout: 1 } : {},
  records: ok * 2,
  requests: ok + 1,
  outcomes: { ok, retry: 1 },
  latency: { buckets: [bucketOf(ok + 1), 1], sumMs: ok, maxMs: ok },
  inFlightMs: 4000,
  inFlightMax: ok % 7,
});
const LIMITS = { recent: 10, older: 20 };
const total = (samples: readonly Sample[]) => samples.reduce(mergeSamples);

/** What a recorder does: a sample a second, compacted whenever too many were added. */
function record(oks: readonly number[], gapAt: number): Sample[] {
  let samples: Sample[] = [];
  for (const [at, ok] of oks.entries()) {
    samples.push(second(at, ok, at >= gapAt ? 7_200_000 : 0));
    if (samples.length > LIMITS.recent + LIMITS.older + 15) samples = compact(samples, LIMITS, 1000);
  }
  return compact(samples, LIMITS, 1000);
}

describe('compact', () => {
  const runs = fc.tuple(fc.array(fc.nat(50), { minLength: 1, maxLength: 600 }), fc.nat(600));

  it('keeps every sum, whatever was merged how often', () => {
    fc.assert(
      fc.property(runs, ([oks, gapAt]) => {
        const all = oks.map((ok, at) => second(at, ok, at >= gapAt ? 7_200_000 : 0));
        expect(total(record(oks, gapAt))).toEqual(total(all));
      }),
    );
  });

  it('keeps so many and no more, in the order of time, the newest as they are', () => {
    fc.assert(
      fc.property(runs, ([oks, gapAt]) => {
        const samples = record(oks, gapAt);
        expect(samples.length).toBeLessThanOrEqual(LIMITS.recent + LIMITS.older);
        for (const [i, { from, to }] of samples.entries()) {
          expect(to).toBeGreaterThan(from);
          if (i > 0) expect(from).toBeGreaterThanOrEqual(samples[i - 1]?.to ?? 0);
        }
        expect(samples.slice(-LIMITS.recent).every(({ activeMs }) => activeMs === 1000)).toBe(true);
      }),
    );
  });

  it('lets a run of a year have as many samples as one of an hour', () => {
    let samples: Sample[] = [];
    for (let hour = 0; hour < 24 * 365; hour += 1) {
      samples.push({ ...second(0, 1), from: hour * 3_600_000, to: (hour + 1) * 3_600_000 });
      if (samples.length > 60) samples = compact(samples, LIMITS, 1000);
    }
    expect(samples.length).toBeLessThanOrEqual(60);
    expect(total(samples).ok).toBe(24 * 365);
  });
});
