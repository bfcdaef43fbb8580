import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('Pace', () => {
  it('knows nothing at first, and not from a moment', () => {
    const pace = new Pace(1000);
    expect(pace.rowsIn(1000)).toBe(0);
    pace.count(5000, 1001);
    expect(pace.rowsIn(1000)).toBe(0);
  });

  it('is what was done in the time that it took, in whatever pieces it was told of', () => {
    const pieces = fc.array(fc.record({ rows: fc.nat(500), ms: fc.integer({ min: 0, max: 19 }) }));
    fc.assert(
      fc.property(pieces, fc.nat(500), (given, last) => {
        const pace = new Pace(0);
        let [rows, ms] = [0, 0];
        for (const piece of given) {
          if (ms + piece.ms >= 20) break;
          rows += piece.rows;
          ms += piece.ms;
          pace.count(piece.rows, ms);
        }
        expect(pace.rowsIn(1000)).toBe(0);
        pace.count(last, 25);
        expect(pace.rowsIn(1000)).toBe(Math.floor(((rows + last) / 25) * 1000));
      }),
    );
  });

  it('forgets a quick time when a slow one has come', () => {
    const pace = new Pace(0);
    pace.count(2000, 20);
    expect(pace.rowsIn(10)).toBe(1000);
    pace.count(1, 2020);
    expect(pace.rowsIn(10)).toBe(0);
  });
});
