import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayRenewAgain, renewAfterMs } from './renewal.ts';

describe('renewAfterMs', () => {
  it('is a minute before the end of a long life, a twentieth before that of a short one, and never where it is unknown', () => {
    expect([2000, 60_000, 3_600_000, undefined].map(renewAfterMs)).toEqual([1900, 57_000, 3_540_000, undefined]);
  });

  it('is more than half a life away, so that nobody asks twice in one, and something a timer can wait for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (lifeMs) => {
        const afterMs = renewAfterMs(lifeMs) ?? Number.NaN;
        expect(afterMs).toBeLessThan(lifeMs);
        expect(afterMs > lifeMs / 2 || afterMs === 2 ** 31 - 1).toBe(true);
      }),
    );
  });
});

describe('mayRenewAgain', () => {
  it('allows one renewal for a refusal in a life, or in a minute of a longer one', () => {
    expect(mayRenewAgain(undefined, 2000, 0)).toBe(true);
    expect([1999, 2000].map((nowMs) => mayRenewAgain(0, 2000, nowMs))).toEqual([false, true]);
    expect([59_999, 60_000].map((nowMs) => mayRenewAgain(0, 3_600_000, nowMs))).toEqual([false, true]);
    expect([59_999, 60_000].map((nowMs) => mayRenewAgain(0, undefined, nowMs))).toEqual([false, true]);
  });
});
