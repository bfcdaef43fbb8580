import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    [' 120 ', 120_000],
    ['86400', 86_400_000],
    ['99999999999999', 99_999_999_999_999_000],
    ['Sat, 31 Jan 2026 12:00:10 GMT', 10_000],
    ['Saturday, 31-Jan-26 12:00:10 GMT', 10_000],
    ['Sat Jan 31 12:00:10 2026', 10_000],
    ['Sun Feb  1 12:00:00 2026', 86_400_000],
    ['Thursday, 31-Dec-98 23:59:60 GMT', 0],
    ['Fri, 30 Jan 2026 12:00:00 GMT', 0],
    ['Sat, 31 Jan 2026 12:00:00 GMT', 0],
  ])('reads %j as %i ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW_MS)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    '-5',
    '+5',
    '1.5',
    '5s',
    '0x10',
    '1e3',
    'soon',
    '2026-01-31T12:00:10Z',
    'Sat, 31 Feb 2026 12:00:10 GMT',
    'Sat, 31 Jan 2026 24:00:00 GMT',
    'Sat, 31 Jan 2026 12:00:10 CET',
    'sat, 31 jan 2026 12:00:10 gmt',
  ])('ignores %j', (value) => {
    expect(parseRetryAfter(value, NOW_MS)).toBeUndefined();
  });

  it('takes two digits of a year that seem more than 50 years ahead for the past (RFC 9110, 5.6.7)', () => {
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', NOW_MS)).toBe(0);
    const future = parseRetryAfter('Friday, 31-Jan-76 12:00:00 GMT', NOW_MS);
    expect(future).toBe(Date.UTC(2076, 0, 31, 12) - NOW_MS);
  });

  it('never shortens a date that JavaScript itself wrote', () => {
    const dates = fc.date({ min: new Date(NOW_MS), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const wholeSecondMs = Math.floor(date.getTime() / 1000) * 1000;
        expect(parseRetryAfter(date.toUTCString(), NOW_MS)).toBe(wholeSecondMs - NOW_MS);
      }),
    );
  });
});
