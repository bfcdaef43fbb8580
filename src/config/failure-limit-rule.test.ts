import { expect, it } from 'vitest';
import { failureLimit } from './failure-limit-rule.ts';

it('reads a number of failures, or a share of what is settled', () => {
  expect([0, 100, '100'].map(failureLimit)).toEqual([{ count: 0 }, { count: 100 }, { count: 100 }]);
  expect(['5%', '0.5 %', '100%', '0%'].map(failureLimit)).toEqual([
    { share: 0.05 },
    { share: 0.005 },
    { share: 1 },
    { share: 0 },
  ]);
});

it('takes nothing else', () => {
  const limits = ['', '101%', '-1', -1, 1.5, '5 percent', '%', Number.NaN];
  expect(limits.map(failureLimit)).toEqual(limits.map(() => undefined));
});
