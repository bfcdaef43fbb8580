import { describe, expect, it } from 'vitest';
import { trimSpaces } from './trim.ts';

describe('trimSpaces', () => {
  it('takes away what the strip() of the seed does', () => {
    expect(trimSpaces(' \t\r\n\v\fa \t b\n ')).toBe('a \t b');
    expect(trimSpaces(' \t ')).toBe('');
    expect(trimSpaces('')).toBe('');
  });

  it('keeps everything else to the letter', () => {
    for (const text of ['007', '\u00a01\u00a0', '\ufeffx', '\0', '+1']) expect(trimSpaces(text)).toBe(text);
  });
});
