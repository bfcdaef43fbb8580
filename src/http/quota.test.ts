import { describe, expect, it } from 'vitest';
import { lesserQuota, quotaOf } from './quota.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12, 0, 0);

describe('quotaOf', () => {
  it.each([
    [
      'the three headers of the earlier drafts',
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '50', 'ratelimit-reset': '30' },
      100,
    ],
    [
      'a limit with its policies behind it',
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '50', 'ratelimit-reset': '30' },
      100,
    ],
    ['a dictionary', { ratelimit: 'limit=100, remaining=50, reset=30' }, 100],
    ['a structured field', { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' }, 100],
    ['a structured field without its policy', { ratelimit: '"default";r=50;t=30' }, undefined],
    [
      'a reset as seconds',
      { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': '30' },
      100,
    ],
    [
      'a reset since the epoch',
      { 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': String(NOW_MS / 1000 + 30) },
      undefined,
    ],
    [
      'a reset since the epoch in milliseconds',
      { 'x-rate-limit-remaining': '50', 'x-rate-limit-reset': String(NOW_MS + 30_000) },
      undefined,
    ],
  ])('reads %s', (_form, headers, limit) => {
    expect(quotaOf(headers, NOW_MS)).toEqual({ remaining: 50, resetMs: 30_000, ...(limit && { limit }) });
  });

  it('takes of several policies the one that allows least', () => {
    const headers = { ratelimit: '"burst";r=100;t=60, "daily";r=10;t=3600', 'ratelimit-policy': '"burst";q=100;w=60' };
    expect(quotaOf(headers, NOW_MS)).toEqual({ remaining: 10, resetMs: 3_600_000 });
  });

  it('takes a reset that has passed as no wait', () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW_MS / 1000 - 5) };
    expect(quotaOf(headers, NOW_MS)).toEqual({ remaining: 0, resetMs: 0 });
  });

  it.each([
    {},
    { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '30' },
    { 'x-ratelimit-remaining': '5' },
    { 'ratelimit-remaining': 'many', 'ratelimit-reset': '30' },
    { ratelimit: '"default";r=NaN;t=30' },
    { ratelimit: `${'x,'.repeat(5000)}` },
    { 'x-ratelimit-remaining': '1e9', 'x-ratelimit-reset': '0x10' },
  ])('makes nothing of %o', (headers) => {
    expect(quotaOf(headers, NOW_MS)).toBeUndefined();
  });
});

it('keeps the lesser of two quotas', () => {
  const [few, many] = [
    { remaining: 1, resetMs: 1000 },
    { remaining: 1, resetMs: 10 },
  ];
  expect(lesserQuota(few, many)).toBe(few);
  expect(lesserQuota(undefined, many)).toBe(many);
  expect(lesserQuota(undefined, undefined)).toBeUndefined();
});
