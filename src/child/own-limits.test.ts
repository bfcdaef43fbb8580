import { describe, expect, it } from 'vitest';
import { OwnLimits } from './own-limits.ts';

/** `answers` others are answered before each of these positions is limited; whether that was its own, each time. */
function ownOf(answers: number, positions: number[]): boolean[] {
  const limits = new OwnLimits(4);
  return positions.map((position) => {
    for (let i = 0; i < answers; i += 1) limits.answered();
    return limits.limited(position);
  });
}

describe('OwnLimits', () => {
  it("takes a limit for a customer's own from the second time on, where enough others are answered in between", () => {
    expect(ownOf(14, [7, 7, 7])).toEqual([false, true, true]);
    expect(ownOf(13, [7, 7, 7])).toEqual([false, false, false]);
  });

  it('takes it for everybody where others are limited, too', () => {
    expect(ownOf(100, [7, 8, 7, 8, 7])).toEqual([false, false, false, false, false]);
  });
});
