import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLine } from './escape.ts';
import { logLine } from './log-line.ts';

const TIME = Date.UTC(2026, 0, 31, 23, 59, 59, 123);
const json = (message: string, level: 'run' | 'warn' = 'warn') => logLine('json', 'S', level, message, TIME);

describe('logLine as text', () => {
  it('begins with the second in which it happened, whatever happened in between', () => {
    const at = (ms: number) => logLine('text', 'S', 'info', 'x', TIME + ms);
    const [first, same, next, before] = [at(0), at(876), at(877), at(-124)];
    expect(first).toMatch(/^2026\/0[12]\/\d\d \d\d:\d\d:59 - x$/);
    expect(same).toBe(first);
    expect(next).toMatch(/:00 - x$/);
    expect(before).toMatch(/:58 - x$/);
    expect(at(0)).toBe(first);
  });
});

describe('logLine as JSON', () => {
  it('says when, how severe, of which run and what', () => {
    expect(json('[Run started]', 'run')).toBe(
      '{"time":"2026-01-31T23:59:59.123Z","level":"info","run":"S","message":"[Run started]"}',
    );
  });

  it('is one line that gives the message back, whatever is in it, and drives no terminal', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '\u001b', '\u0085', '\u2028', '\u202e', '\u{1f600}'),
    });
    fc.assert(
      fc.property(hostile, (message) => {
        const line = json(message);
        expect(JSON.parse(line)).toMatchObject({ level: 'warn', message });
        expect(escapeLine(line)).toBe(line);
      }),
    );
  });
});
