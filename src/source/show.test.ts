import { describe, expect, it } from 'vitest';
import { show, showNames } from './show.ts';

describe('show', () => {
  it('puts a text in quotes', () => {
    expect(show('région')).toBe('"région"');
  });

  it('escapes what could forge a line or steer a terminal', () => {
    expect(show('a\r\nb\u001b[31m\u009b\u2028\u202e\0')).toBe(
      '"a\\u{d}\\u{a}b\\u{1b}[31m\\u{9b}\\u{2028}\\u{202e}\\u{0}"',
    );
  });

  it('cuts at 40 characters, not within one', () => {
    expect(show('😀'.repeat(40))).toBe(`"${'😀'.repeat(40)}"`);
    expect(show('😀'.repeat(100_000))).toBe(`"${'😀'.repeat(40)}…"`);
  });
});

describe('showNames', () => {
  it('shows twenty names and counts the others', () => {
    const names = Array.from({ length: 23 }, (_, index) => `c${index}`);
    expect(showNames(names.slice(0, 2))).toBe('"c0", "c1"');
    expect(showNames(names)).toMatch(/"c19" and 3 more$/);
  });
});
