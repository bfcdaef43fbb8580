import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { planRound } from './round-plan.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same seed, within their bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -100, max: 100 }), fc.nat(200), (seed, low, width) => {
        const draw = () => {
          const random = createRandom(seed);
          return Array.from({ length: 20 }, () => random.int(low, low + width));
        };
        const numbers = draw();
        expect(numbers).toEqual(draw());
        for (const number of numbers) expect(number >= low && number <= low + width).toBe(true);
      }),
    );
  });

  it('reaches every choice', () => {
    const random = createRandom(1);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('planRound', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planRound(7)).toEqual(planRound(7));
    expect(planRound(7)).not.toEqual(planRound(8));
  });

  it('ends every start but those that are left alone', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      for (const blows of planRound(seed).starts) {
        expect(blows.at(-1)?.to).not.toBe('child');
        expect(blows.at(-1)?.signal).not.toBe('SIGSTOP');
      }
    }
  });
});
