import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldSetting } from '../channel/protocol.ts';
import { AnswerError } from './answer-error.ts';
import { compileFields } from './field.ts';
import { formatRecord, formatRecords } from './format.ts';
import { parseJson } from './parse-json.ts';

const fieldsOf = (...settings: FieldSetting[]) => compileFields(settings).fields;
const FIELDS = fieldsOf('id', 'relevanceScore', 'relevanceRank');
const format = (json: string) => formatRecord(['1001'], parseJson(json), fieldsOf('v'));
const readBack = (text: string): string[][] => parse(text, { delimiter: ',', ltrim: true });

describe('formatRecord', () => {
  it("joins the customer and the fields by comma and space, in the fields' order", () => {
    const record = { relevanceRank: 3, id: 'a', relevanceScore: 0.93, other: 1 };
    expect(formatRecord(['007'], record, FIELDS)).toBe('007, a, 0.93, 3');
  });

  it.each([
    ['null', ''],
    ['""', ''],
    ['true', 'true'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['-0.10', '-0.10'],
    ['1e5', '1e5'],
    ['"plain text"', 'plain text'],
    ['"a,b"', '"a,b"'],
    ['"say \\"hi\\""', '"say ""hi"""'],
    ['"a\\nb"', '"a\nb"'],
    ['" a"', '" a"'],
    ['"a\\t"', '"a\t"'],
    ['"a\\tb"', 'a\tb'],
    ['"=cmd()"', '=cmd()'],
    ['{"n":[1.0,"x"]}', '"{""n"":[1.0,""x""]}"'],
    ['[1]', '[1]'],
    ['"\\u2028"', '"\u2028"'],
    ['["\\ud800"]', '"[""\\ud800""]"'],
  ])('writes %s as %s', (json, text) => {
    expect(format(`{"v":${json}}`)).toBe(`1001, ${text}`);
  });

  it('quotes the customer by the same rule', () => {
    expect(formatRecord(['a,"b"'], { v: 1 }, fieldsOf('v'))).toBe('"a,""b""", 1');
  });

  it.each([
    ['{}', 'record 1 has no v'],
    ['5.0', 'record 1 is a number, not an object'],
    ['null', 'record 1 is null, not an object'],
    ['"x"', 'record 1 is a string, not an object'],
    ['{"v":"a\\u0000b"}', 'record 1 has a NUL character in v, which no text file can hold'],
    ['{"v":"\\udc00"}', 'record 1 has half a surrogate pair in v, which no text file can hold'],
  ])('refuses %s', (json, message) => {
    expect(() => format(json)).toThrow(new AnswerError(message));
  });
});

describe('formatRecords', () => {
  it('ends each line in a line break, and has none for no records', () => {
    expect(formatRecords(['7'], [{ v: 1 }, { v: 2 }], fieldsOf('v'))).toBe('7, 1\n7, 2\n');
    expect(formatRecords(['7'], [], fieldsOf('v'))).toBe('');
  });

  it('names the record that lacks a field', () => {
    const records = [{ id: 1, relevanceScore: 2, relevanceRank: 3 }, { id: 1 }];
    expect(() => formatRecords(['7'], records, FIELDS)).toThrow('record 2 has no relevanceScore');
  });

  it('writes lines from which a CSV reader gets back every value as it was', () => {
    const special = fc.constantFrom(
      ...',"\r\n\t \v\f=\'\\;',
      '\x85',
      '\u2028',
      '\u2029',
      '\ufeff',
      '\xa0',
      '\x1b',
      'é',
      '😀',
    );
    const value = fc
      .oneof(fc.string({ unit: special }), fc.string({ unit: 'binary' }))
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    const rows = fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(value, rows, (customer, records) => {
        const text = formatRecords([customer], records, fieldsOf('a', 'b'));
        expect(readBack(text)).toEqual(records.map(({ a, b }) => [customer, a, b]));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes one line, as any program counts them, for a record without quotes', () => {
    const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(value, (text) => {
        const line = formatRecord(['7'], { v: text }, fieldsOf('v'));
        if (!line.includes('"')) expect(line.split(/[\n\v\f\r\x85\u2028\u2029]/)).toHaveLength(1);
      }),
    );
  });
});
