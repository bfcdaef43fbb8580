import { describe, expect, it } from 'vitest';
import { misspelledName, nearestName } from './nearest-name.ts';
import { SETTING_NAMES } from './schema.ts';

describe('nearestName', () => {
  it.each([
    ['procesCount', 'process_count'],
    ['PROCESS-COUNT', 'process_count'],
    ['processCuont', 'process_count'],
    ['timeout', 'timeout_seconds'],
    ['timeoutSeconds', 'timeout_seconds'],
    ['output_dir', 'output_directory'],
    ['header', 'headers'],
    ['ulr', 'url'],
    ['field', 'fields'],
  ])('takes %s for %s', (name, meant) => {
    expect(nearestName(name, SETTING_NAMES)).toBe(meant);
  });

  it.each(['', 'xyz', 'concurrency', 'a'.repeat(100_000), '__proto__'])('finds nothing near %.20s', (name) => {
    expect(nearestName(name, SETTING_NAMES)).toBeUndefined();
  });
});

describe('misspelledName', () => {
  it('finds what can only be a misspelling', () => {
    expect(misspelledName('PROCES_COUNT', SETTING_NAMES)).toBe('process_count');
    expect(misspelledName('PROCESSCOUNT', SETTING_NAMES)).toBe('process_count');
  });

  it.each(['URLS', 'TIMEOUT', 'HOME', 'CONFIG', 'LOG'])('leaves %s to others', (name) => {
    expect(misspelledName(name, SETTING_NAMES)).toBeUndefined();
  });
});
