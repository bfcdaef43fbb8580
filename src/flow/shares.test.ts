import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from './shares.ts';

const busy = (max: number) => ({ max, isBusy: true });
const idle = (max: number) => ({ max, isBusy: false });

describe('sharesOf', () => {
  it('divides evenly, and what one cannot use goes to others', () => {
    expect(sharesOf(38, [busy(16), busy(16), busy(16), busy(16)], 0)).toEqual([10, 10, 9, 9]);
    expect(sharesOf(20, [busy(2), busy(16), busy(16)], 0)).toEqual([2, 9, 9]);
    expect(sharesOf(1000, [busy(16), busy(16)], 0)).toEqual([16, 16]);
  });

  it('takes turns where there are fewer than children, and leaves out who has nothing to do', () => {
    const sharers = [busy(4), idle(4), busy(4), busy(4)];
    expect([0, 1, 2, 3].map((turn) => sharesOf(2, sharers, turn))).toEqual([
      [1, 0, 1, 0],
      [0, 0, 1, 1],
      [1, 0, 0, 1],
      [1, 0, 1, 0],
    ]);
  });

  it('hands out all that is there, as far as it can be used, to no one more than it can use', () => {
    const sharer = fc.record({ max: fc.integer({ min: 1, max: 1024 }), isBusy: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(5000), fc.array(sharer, { maxLength: 20 }), fc.nat(50), (total, sharers, turn) => {
        const shares = sharesOf(total, sharers, turn);
        const sum = shares.reduce((a, b) => a + b, 0);
        const most = sharers.reduce((a, { max }) => a + max, 0);
        expect(sum).toBe(Math.min(total, most));
        expect(shares.every((share, i) => share <= (sharers[i]?.max ?? 0))).toBe(true);
      }),
    );
  });
});
