import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldSetting, OUTPUT_FORMATS, type OutputFormat } from '../channel/protocol.ts';
import { AnswerError } from './answer-error.ts';
import { compileFields } from './field.ts';
import { createFormat, headOf } from './format.ts';
import { parseJson } from './parse-json.ts';

const fieldsOf = (...settings: FieldSetting[]) => compileFields(settings).fields;
const V = fieldsOf('v');
const format = (json: string, as: OutputFormat = 'text') => createFormat(as, V)(['1001'], [parseJson(json)]);

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
const anyText = fc.oneof(fc.string({ unit: special }), fc.string({ unit: 'binary' }));
const fitText = anyText.filter((text) => !text.includes('\0') && text.isWellFormed());
const rows = fc.array(fc.record({ a: fitText, b: fitText }), { minLength: 1, maxLength: 5 });

describe('every format', () => {
  it.each(OUTPUT_FORMATS)('E20: writes 10,000 records of a customer as one block: %s', (as) => {
    const records = Array.from({ length: 10_000 }, (_, v) => ({ v }));
    const lines = createFormat(as, V)(['1001'], records).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => Number(/(\d+)\D*$/.exec(line)?.[1]))).toEqual(records.map(({ v }) => v));
    expect(lines.every((line) => line.includes('1001'))).toBe(true);
  });
});

describe('text', () => {
  it("joins the customer and the fields by comma and space, in the fields' order", () => {
    const fields = fieldsOf('id', 'relevanceScore', 'relevanceRank');
    const record = { relevanceRank: 3, id: 'a', relevanceScore: 0.93, other: 1 };
    expect(createFormat('text', fields)(['007'], [record])).toBe('007, a, 0.93, 3\n');
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
    expect(format(`{"v":${json}}`)).toBe(`1001, ${text}\n`);
  });

  it('quotes the customer by the same rule', () => {
    expect(createFormat('text', V)(['a,"b"'], [{ v: 1 }])).toBe('"a,""b""", 1\n');
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

  it('ends each line in a line break, and has none for no records', () => {
    expect(createFormat('text', V)(['7'], [{ v: 1 }, { v: 2 }])).toBe('7, 1\n7, 2\n');
    expect(createFormat('text', V)(['7'], [])).toBe('');
  });

  it('names the record that lacks a field', () => {
    const formatRecords = createFormat('text', fieldsOf('id', 'score'));
    expect(() => formatRecords(['7'], [{ id: 1, score: 2 }, { id: 1 }])).toThrow('record 2 has no score');
  });

  it('writes lines from which a CSV reader gets back every value as it was', () => {
    const formatRecords = createFormat('text', fieldsOf('a', 'b'));
    fc.assert(
      fc.property(fitText, rows, (customer, records) => {
        const text = formatRecords([customer], records);
        expect(parse(text, { delimiter: ',', ltrim: true })).toEqual(records.map(({ a, b }) => [customer, a, b]));
      }),
      { numRuns: 1000 },
    );
  });

  it('writes one line, as any program counts them, for a record without quotes', () => {
    const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(value, (text) => {
        const line = createFormat('text', V)(['7'], [{ v: text }]).slice(0, -1);
        if (!line.includes('"')) expect(line.split(/[\n\v\f\r\x85\u2028\u2029]/)).toHaveLength(1);
      }),
    );
  });
});

describe('csv', () => {
  it('is RFC 4180: a header line, CR LF, a value as it was sent', () => {
    expect(headOf({ output_format: 'csv', fields: ['id', { name: 'a,b', path: 'a' }] })).toBe('customer,id,"a,b"\r\n');
    expect(format('{"v":"=cmd()"}', 'csv')).toBe('1001,=cmd()\r\n');
    expect(format('{"v":1.0}', 'csv')).toBe('1001,1.0\r\n');
    expect(format('{"v":"say \\"hi\\",\\r\\nbye"}', 'csv')).toBe('1001,"say ""hi"",\r\nbye"\r\n');
  });

  it('gives a CSV reader back every value as it was', () => {
    const formatRecords = createFormat('csv', fieldsOf('a', 'b'));
    const head = headOf({ output_format: 'csv', fields: ['a', 'b'] });
    fc.assert(
      fc.property(fitText, rows, (customer, records) => {
        const found: unknown = parse(head + formatRecords([customer], records), {
          columns: true,
          record_delimiter: '\r\n',
        });
        expect(found).toEqual(records.map((record) => ({ customer, ...record })));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('tsv', () => {
  it('has a header line, and escapes what would end a value', () => {
    expect(headOf({ output_format: 'tsv', fields: ['id'] })).toBe('customer\tid\n');
    expect(format('{"v":"a\\tb\\r\\nc\\\\d, \\"=e"}', 'tsv')).toBe('1001\ta\\tb\\r\\nc\\\\d, "=e\n');
    expect(format('{"v":null}', 'tsv')).toBe('1001\t\n');
  });

  it('is a line a record, from which every value is read back as it was', () => {
    const formatRecords = createFormat('tsv', fieldsOf('a', 'b'));
    const back = (value: string) => value.replace(/\\(.)/g, (_, c: string) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c);
    fc.assert(
      fc.property(fitText, rows, (customer, records) => {
        const lines = formatRecords([customer], records).split(/[\r\n]/);
        expect(lines.pop()).toBe('');
        const found = lines.map((line) => line.split('\t').map(back));
        expect(found).toEqual(records.map(({ a, b }) => [customer, a, b]));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('ndjson', () => {
  const whole = (json: string) => createFormat('ndjson', [])(['1001'], [parseJson(json)]);

  it('has no header, and the record as it was sent, with its digits', () => {
    expect(headOf({ output_format: 'ndjson', fields: [] })).toBe('');
    expect(whole('{"id": 9007199254740993, "score": 1.0, "n": {"x": [1e5, null]}, "s": "a\\nb"}')).toBe(
      '{"customer":"1001","record":{"id":9007199254740993,"score":1.0,"n":{"x":[1e5,null]},"s":"a\\nb"}}\n',
    );
  });

  it.each(['{"customer":{"name":"x"},"record":1}', '5.0', 'null', '"x"', '[1]', '{"__proto__":1}'])(
    'holds a record of any shape: %s',
    (json) => {
      expect(whole(json)).toBe(`{"customer":"1001","record":${json}}\n`);
    },
  );

  it('has a member for each field where fields are chosen, with the value as it was sent', () => {
    const formatRecords = createFormat('ndjson', fieldsOf('id', 'a.b'));
    const record = parseJson('{"id":1.0,"a":{"b":null},"other":2}');
    expect(formatRecords(['007'], [record])).toBe('{"customer":"007","id":1.0,"a.b":null}\n');
    expect(() => formatRecords(['007'], [{ id: 1 }])).toThrow(new AnswerError('record 1 has no a.b'));
  });

  it('escapes what other formats must refuse', () => {
    expect(whole('"a\\u0000\\udc00"')).toBe('{"customer":"1001","record":"a\\u0000\\udc00"}\n');
  });

  it('is a line a record, as any program counts them, which reads back as it was sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (value, text) => {
        const record = { text, value };
        const line = createFormat('ndjson', [])([text], [parseJson(JSON.stringify(record))]);
        expect(line.split(/[\n\v\f\r\x85\u2028\u2029]/)).toEqual([line.slice(0, -1), '']);
        expect(JSON.parse(line)).toEqual({ customer: text, record: JSON.parse(JSON.stringify(record)) });
      }),
      { numRuns: 1000 },
    );
  });
});
