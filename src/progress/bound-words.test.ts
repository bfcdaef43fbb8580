import { expect, it } from 'vitest';
import type { Bound } from '../flow/gate-terms.ts';
import { boundWords } from './bound-words.ts';

const NOW = new Date(2026, 0, 31, 2, 13, 35);
const words = (boundBy: Bound, { inFlight = 64, unwritten = 0 } = {}) =>
  boundWords({ gate: { boundBy, heldMs: 30_000, perSecond: 400, mayFly: 64 }, inFlight, unwritten }, NOW);

it('boundWords says what keeps a run from asking more', () => {
  expect(words('hold')).toBe('held until 02:14:05: the endpoint asked for it');
  expect(words('rate_limit')).toBe('rate limit 400/s');
  expect(words('endpoint')).toBe('64 in flight at most: the endpoint takes no more well');
  expect(words('quota')).toBe("400/s, the endpoint's quota");
  expect(words('outage')).toContain('the endpoint is down');
  expect(words('canary')).toContain('the first customers');
});

it('boundWords says nothing where the settings alone bound it, and names the disk where output waits and requests do not', () => {
  expect(words('bounds')).toBeUndefined();
  expect(words('bounds', { inFlight: 64, unwritten: 500 })).toBeUndefined();
  expect(words('bounds', { inFlight: 3, unwritten: 1500 })).toBe('the disk: 1,500 customers wait to be written');
});
