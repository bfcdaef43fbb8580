import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gcra } from './gcra.ts';

const at = (perSecond: number): Gcra => {
  const gcra = new Gcra();
  gcra.perSecond = perSecond;
  return gcra;
};

describe('Gcra', () => {
  it('spaces the starts evenly from the first one on, without a burst', () => {
    const gcra = at(100);
    const starts = Array.from({ length: 5 }, () => gcra.take(1000, 2000));
    expect(starts).toEqual([1000, 1010, 1020, 1030, 1040]);
    expect(gcra.take(1000, 1045)).toBeUndefined();
    expect(gcra.nextMs(1000)).toBe(1050);
  });

  it('never gives more than its rate and 20 ms of it, whoever asks when, gives back or not', () => {
    const step = fc.record({ waitMs: fc.nat(100), asks: fc.nat(20), givesBack: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.array(step, { maxLength: 60 }), (rate, steps) => {
        const gcra = at(rate);
        const used: number[] = [];
        let nowMs = 0;
        for (const { waitMs, asks, givesBack } of steps) {
          nowMs += waitMs;
          const taken = Array.from({ length: asks }, () => gcra.take(nowMs, nowMs + 200)).filter(
            (it) => it !== undefined,
          );
          if (givesBack) gcra.giveBack(taken, nowMs);
          used.push(...(givesBack ? taken.filter((startMs) => startMs <= nowMs) : taken));
        }
        used.sort((a, b) => a - b);
        for (const [i, first] of used.entries()) {
          const [last = first, count] = [used.at(-1), used.length - i];
          expect(count).toBeLessThanOrEqual(((last - first + 20) * rate) / 1000 + 1.001);
        }
      }),
    );
  });

  it('loses no rate to askers that are a little late', () => {
    const gcra = at(100);
    const starts = Array.from({ length: 100 }, (_, i) => gcra.take(i * 10 + (i % 3) * 6, i * 10 + 20) ?? 0);
    expect(starts.at(-1)).toBeCloseTo(990, 6);
  });

  it('gives out again what came back, unless its time has passed', () => {
    const gcra = at(10);
    const starts = [0, 1, 2, 3].map(() => gcra.take(0, 1000) ?? 0);
    gcra.giveBack(starts.slice(1), 150);
    expect(gcra.take(150, 1000)).toBe(200);
    expect(gcra.take(150, 1000)).toBe(300);
    expect(gcra.take(150, 1000)).toBe(400);
  });

  it('plans anew after a restart', () => {
    const gcra = at(10);
    gcra.giveBack([gcra.take(0, 1000) ?? 0, gcra.take(0, 1000) ?? 0], 0);
    gcra.restart(0, 5000, []);
    expect(gcra.take(100, 4999)).toBeUndefined();
    expect(gcra.take(100, 6000)).toBe(5000);
    expect(gcra.take(100, 6000)).toBe(5100);
  });

  it('counts from the last start at the rate of now: an hour until the next one ends with a higher rate', () => {
    const gcra = at(1 / 3600);
    expect(gcra.take(0, 200)).toBe(0);
    expect(gcra.nextMs(1000)).toBe(3_600_000);
    gcra.perSecond = 10;
    expect(gcra.take(1000, 1200)).toBe(980);
    gcra.perSecond = 1 / 3600;
    gcra.restart(1000, 5000, []);
    gcra.perSecond = 10;
    expect(gcra.take(1000, 10_000)).toBe(5000);
  });

  it('has no limit at an infinite rate', () => {
    const gcra = at(Number.POSITIVE_INFINITY);
    expect([1, 2, 3].map(() => gcra.take(7, 7))).toEqual([7, 7, 7]);
  });
});
