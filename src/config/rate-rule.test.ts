import { expect, it } from 'vitest';
import { ratePerSecond } from './rate-rule.ts';

it('reads a rate with its unit; a number is a second', () => {
  const rates = [400, '400', 0.5, '400/s', '1000/min', '3600/h', '7.5 / s'];
  expect(rates.map(ratePerSecond)).toEqual([400, 400, 0.5, 400, 1000 / 60, 1, 7.5]);
});

it('takes nothing that could mean something else, and no rate of nothing', () => {
  const rates = ['', ' ', 'fast', '400/m', '400/sec', '/s', '-1', -1, 0, '0/h', '1e3/s', '1,000/s', Number.NaN, 1e7];
  expect(rates.map(ratePerSecond)).toEqual(rates.map(() => undefined));
});
