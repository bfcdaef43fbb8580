import { describe, expect, it } from 'vitest';
import { OwnLimits } from './own-limits.ts';

/** So many others are asked for and answered. */
function answer(limits: OwnLimits, count: number): void {
  for (let i = 0; i < count; i += 1) limits.answered(limits.begin());
}

/** A customer is asked for and limited; true where that is its own. */
const limit = (limits: OwnLimits, position: number): boolean => limits.limited(position, limits.begin());

describe('OwnLimits', () => {
  it("takes a limit for a customer's own once enough others were answered after its first one", () => {
    const limits = new OwnLimits();
    expect(limit(limits, 7)).toBe(false);
    answer(limits, 9);
    expect(limit(limits, 7)).toBe(false);
    answer(limits, 1);
    expect([limit(limits, 7), limit(limits, 7)]).toEqual([true, true]);
  });

  it('does not count what was asked for before', () => {
    const limits = new OwnLimits();
    const before = Array.from({ length: 20 }, () => limits.begin());
    limit(limits, 7);
    for (const request of before) limits.answered(request);
    expect(limit(limits, 7)).toBe(false);
  });

  it('takes it for everybody where more than a few others are limited, too', () => {
    const limits = new OwnLimits();
    limit(limits, 7);
    answer(limits, 30);
    limit(limits, 8);
    limit(limits, 9);
    expect(limit(limits, 7)).toBe(false);
    answer(limits, 30);
    expect(limit(limits, 7)).toBe(true);
  });

  it('tells several such customers apart from a limit for everybody', () => {
    const limits = new OwnLimits();
    for (const position of [7, 8, 9]) limit(limits, position);
    answer(limits, 40);
    expect([7, 8, 9].map((position) => limit(limits, position))).toEqual([true, true, true]);
  });

  it('begins anew with a customer that was answered in between', () => {
    const limits = new OwnLimits();
    limit(limits, 7);
    answer(limits, 20);
    limits.forget(7);
    expect(limit(limits, 7)).toBe(false);
  });
});
