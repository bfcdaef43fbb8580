import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

/** What is written for a parsed value. */
const written = (value: unknown) => JSON.stringify(value);
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('0', '0', ...'123456789'), minLength, maxLength });

/** Any number that JSON allows (RFC 8259, section 6). */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 25)).map((parts) => parts.join('')),
    ),
    fc.option(digits(1, 25), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 4)), { nil: undefined }),
  )
  .map(([sign, whole, fraction, exponent]) => {
    return `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`;
  });

describe('parseJson', () => {
  it('keeps every digit of any number, wherever it stands', () => {
    const places = fc.constantFrom(
      (n: string) => n,
      (n: string) => ` ${n}`,
      (n: string) => `[${n}]`,
      (n: string) => `[1,${n},2]`,
      (n: string) => `{"a":${n}}`,
      (n: string) => `{"a":\n\t${n} ,"b":"x"}`,
    );
    fc.assert(
      fc.property(numberText, places, (number, place) => {
        expect(written(parseJson(place(number)))).toBe(place(number).replaceAll(/[\s]/g, ''));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '9007199254740993',
    '12345678901234567890',
    '1.0',
    '0.10',
    '-0',
    '-0.0',
    '1e5',
    '1E-7',
    '0.0000001',
    '1e400',
  ])('keeps %s', (number) => {
    expect(written(parseJson(`{"id":${number}}`))).toBe(`{"id":${number}}`);
  });

  it.each(['0', '-1', '42', '123456789012345', '0.93', '1.5', '0.000001', '-12345.678'])(
    'leaves %s a plain number',
    (number) => {
      expect(parseJson(`[${number}]`)).toEqual([Number(number)]);
    },
  );

  it('is JSON.parse for what JavaScript itself wrote', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['digits', '1'.repeat(2_000_000)],
    ['dots and zeros', '.0000'.repeat(400_000)],
    ['a fraction of zeros that ends in another digit', `0.${'0'.repeat(2_000_000)}1`],
    ['minus signs', ':-'.repeat(1_000_000)],
    ['exponents', ':1e'.repeat(700_000)],
    ['blanks', ' '.repeat(2_000_000)],
  ])('takes no more than linear time for megabytes of %s', (_what, text) => {
    // A quadratic search through 2 MB would take many minutes: that this test ends is what it shows.
    expect(() => parseJson(`["${text}"`)).toThrow(SyntaxError);
  });
});
