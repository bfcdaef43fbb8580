import { describe, expect, it } from 'vitest';
import { durationMs } from './duration-rule.ts';

describe('durationMs', () => {
  it('reads days, hours, minutes and seconds in this order, with or without blanks', () => {
    const texts = ['45s', '90min', '6h', '1h30min', '1h 30min', '2 d', '1d 2h 3min 4s'];
    expect(texts.map(durationMs)).toEqual([
      45_000, 5_400_000, 21_600_000, 5_400_000, 5_400_000, 172_800_000, 93_784_000,
    ]);
  });

  it('takes nothing that could mean something else, and no time at all', () => {
    const texts = ['', ' ', '0s', '90', '90m', '1.5h', '-1h', '30min 1h', '6 hours', '25d', '6h\n', '1h  30min'];
    expect(texts.map(durationMs)).toEqual(texts.map(() => undefined));
  });
});
