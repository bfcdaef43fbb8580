import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonProblem } from './json-problem.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findJsonProblem', () => {
  it.each([
    ['{"a": 1,}', 1, 8, 'a comma before the closing }'],
    ['{\n  "a": [1,\n  2,\n]}', 3, 4, 'a comma before the closing ]'],
    ['{\r\n"a" 1}', 2, 5, 'a colon after the name'],
    ['{"a": 1 "b": 2}', 1, 9, 'a comma or the closing }'],
    ['{"a": 1', 1, 8, 'ends too early'],
    ['{a: 1}', 1, 2, 'a name in double quotes'],
    ["{'a': 1}", 1, 2, 'a single quote'],
    ['{ // why\n}', 1, 3, 'a comment'],
    ['{"a": "x\n"}', 1, 7, 'without its closing quote'],
    ['{"a": "C:\\Users"}', 1, 10, 'a lone backslash'],
    ['{"a": 01}', 1, 7, 'expected a value'],
    ['{"a": NaN}', 1, 7, 'expected a value'],
    ['{"a": 1} x', 1, 10, 'nothing after the end'],
    ['{"a": 1, "\\u0061": 2}', 1, 10, 'for the second time'],
    ['', 1, 1, 'ends too early'],
  ])('%j is wrong at %i:%i', (text, line, column, what) => {
    expect(findJsonProblem(text)).toEqual({ line, column, what: expect.stringContaining(what) });
  });

  it('never quotes the text, which may hold a secret', () => {
    expect(findJsonProblem('{"token": hunter2}')?.what).not.toContain('hunter2');
  });

  it('refuses nesting that would exhaust the stack', () => {
    expect(findJsonProblem('['.repeat(100_000))?.what).toContain('too many brackets');
  });

  it('agrees with JSON.parse on whole texts and on damaged ones', () => {
    const damage = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', '"', ',', '}', ']', ':', '1', '\\', '\n', '-', '.'),
    );
    fc.assert(
      fc.property(damage, ([json, at, cut, put]) => {
        const start = json.length === 0 ? 0 : at % (json.length + 1);
        const text = json.slice(0, start) + put + json.slice(start + cut);
        const what = findJsonProblem(text)?.what;
        if (what?.includes('second time')) return;
        expect(what === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });
});
