import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapePlaceholders, parsePlaceholders, placeholdersIn } from './placeholder-text.ts';

describe('parsePlaceholders', () => {
  it.each([
    ['', [''], []],
    ['a', ['a'], []],
    ['{0}', ['', ''], ['0']],
    ['a{0}b{last name}', ['a', 'b', ''], ['0', 'last name']],
    ['{{0}}', ['{0}'], []],
    ['{{{0}}}', ['{{0}}'], []],
    ['{ 0 } { a{ b } }{}', ['{ 0 } { a{ b } }{}'], []],
    ['{"a":1}', ['{"a":1}'], []],
  ])('takes %j apart', (text, literals, names) => {
    expect(parsePlaceholders(text)).toEqual({ literals, names });
  });

  it('reads an escaped text as that text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '0', 'a', ' ', '"', '\n') }), (text) => {
        expect(parsePlaceholders(escapePlaceholders(text))).toEqual({ literals: [text], names: [] });
      }),
    );
  });
});

describe('placeholdersIn', () => {
  it('finds those of all texts, however deep, and none in names', () => {
    expect(placeholdersIn({ '{x}': ['{a}', { b: 'x{0}' }, 1, null], n: '{c:number}', t: 'a{d:number}' })).toEqual([
      'a',
      '0',
      'c',
      'd:number',
    ]);
  });
});
