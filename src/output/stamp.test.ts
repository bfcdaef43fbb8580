import { describe, expect, it } from 'vitest';
import { logTimeOf } from '../channel/log-time.ts';
import { stampedPath, stampOf } from './stamp.ts';

describe('stamp', () => {
  it('is the local time of the start, and stands before the extension', () => {
    const date = new Date(2026, 0, 31, 23, 5, 9);
    expect(stampOf(date)).toBe('20260131-230509');
    expect(logTimeOf(date)).toBe('2026/01/31 23:05:09');
    expect(stampedPath('/out/results.txt', '20260131-230509')).toBe('/out/results-20260131-230509.txt');
    expect(stampedPath('/out.d/results', 'S')).toBe('/out.d/results-S');
    expect(stampedPath('/out/a.tar.gz', 'S')).toBe('/out/a.tar-S.gz');
  });
});
