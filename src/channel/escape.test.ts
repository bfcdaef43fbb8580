import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLine } from './escape.ts';

describe('escapeLine', () => {
  it('shows line breaks, escapes of the terminal and marks of direction instead of obeying them', () => {
    expect(escapeLine('a\nb\r\tc\u001b[31m\u0000\u2028\u202e')).toBe('a\\nb\\r\\tc\\e[31m\\u0000\\u2028\\u202e');
  });

  it('leaves ordinary text alone, also beyond ASCII', () => {
    expect(escapeLine('Zoë – 客户 #7 {}')).toBe('Zoë – 客户 #7 {}');
  });

  it('leaves nothing that could begin a line, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = escapeLine(text);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});
