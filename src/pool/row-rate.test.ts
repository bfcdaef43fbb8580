import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowRate } from './row-rate.ts';

describe('RowRate', () => {
  it('knows nothing at first, and not from a moment', () => {
    const rate = new RowRate(1000);
    expect(rate.rowsIn(1000)).toBe(0);
    rate.count(5000, 1001);
    expect(rate.rowsIn(1000)).toBe(0);
  });

  it('is what was done in the time that it took, in whatever pieces it was told of', () => {
    const pieces = fc.array(fc.record({ rows: fc.nat(500), ms: fc.integer({ min: 0, max: 19 }) }));
    fc.assert(
      fc.property(pieces, fc.nat(500), (given, last) => {
        const rate = new RowRate(0);
        let [rows, ms] = [0, 0];
        for (const piece of given) {
          if (ms + piece.ms >= 20) break;
          rows += piece.rows;
          ms += piece.ms;
          rate.count(piece.rows, ms);
        }
        expect(rate.rowsIn(1000)).toBe(0);
        rate.count(last, 25);
        expect(rate.rowsIn(1000)).toBe(Math.floor(((rows + last) / 25) * 1000));
      }),
    );
  });

  it('forgets a quick time when a slow one has come', () => {
    const rate = new RowRate(0);
    rate.count(2000, 20);
    expect(rate.rowsIn(10)).toBe(1000);
    rate.count(1, 2020);
    expect(rate.rowsIn(10)).toBe(0);
  });
});
