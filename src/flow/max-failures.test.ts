import { expect, it } from 'vitest';
import { isTooMany, tooManyWords } from './max-failures.ts';

it('counts failures, whatever is settled beside them', () => {
  expect([99, 100, 101].map((failed) => isTooMany({ count: 100 }, failed, 1e6))).toEqual([false, false, true]);
  expect(isTooMany({ count: 0 }, 1, 1)).toBe(true);
});

it('judges a share by a hundred at least', () => {
  expect(isTooMany({ share: 0.05 }, 99, 99)).toBe(false);
  expect([5, 6].map((failed) => isTooMany({ share: 0.05 }, failed, 100))).toEqual([false, true]);
  expect([50_000, 50_001].map((failed) => isTooMany({ share: 0.05 }, failed, 1e6))).toEqual([false, true]);
});

it('says what was allowed', () => {
  expect(tooManyWords({ count: 100 }, 101, 5000)).toBe(
    '101 of 5,000 customers failed, more than max_failures (100) allows',
  );
  expect(tooManyWords({ share: 0.07 }, 8, 100)).toBe('8 of 100 customers failed, more than max_failures (7%) allows');
});
