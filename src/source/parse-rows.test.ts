import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRow, parseRows } from './parse-rows.ts';

describe('parseRows', () => {
  it('gives the columns of each row in its place, whatever their number', () => {
    expect(parseRows(['a,b', 'c', '"d,""e",f', '', ',,', 'g,h'])).toEqual([
      ['a', 'b'],
      ['c'],
      ['d,"e', 'f'],
      [''],
      ['', '', ''],
      ['g', 'h'],
    ]);
  });

  it('finds the bad rows among many good ones', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => (index % 1_666 === 7 ? `5" ${index},x` : `"${index}",x`));
    const parsed = parseRows(rows);
    const bad = parsed.flatMap((row, index) => ('problem' in row ? [index] : []));
    expect(bad).toEqual([7, 1_673, 3_339]);
    expect(parsed[4_999]).toEqual(['4999', 'x']);
  });

  it.each([
    ['"a', 'a quote is opened and never closed'],
    ['"a"b,c', 'something other than a comma follows a closing quote'],
    ['a,5" x', 'a quote stands in the middle of a value'],
  ])('says what is wrong with %s, without a line number or a value', (row, problem) => {
    expect(parseRow(row)).toEqual({ problem });
  });

  it.each([
    [' "a" ,\t"b, c"\t', ['a', 'b, c']],
    ['x , " a "" , "" b " ,y ', ['x ', ' a " , " b ', 'y ']],
    ['"", " "', ['', ' ']],
    ['\u00a0x , "a"', ['\u00a0x ', 'a']],
    ['"a\n b" , c', ['a\n b', ' c']],
  ])('takes white space between commas and quotes for nothing: %s', (row, columns) => {
    expect(parseRow(row)).toEqual(columns);
  });

  it('gives of rows without quotes what csv-parse gives', () => {
    const plain = fc.string({ unit: fc.constantFrom(',', ' ', '\t', '\r', 'a', 'ü', '客', '\u2028', '\0', "'", ';') });
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), (rows) => {
        const options = { record_delimiter: ['\n'], relax_column_count: true };
        expect(parseRows(rows)).toEqual(rows.map((row) => parse(`${row}\n`, options)[0]));
      }),
    );
  });

  it('keeps a row of 1 MiB', () => {
    expect(parseRow(`${'x'.repeat(1_048_000)},y`)).toEqual(['x'.repeat(1_048_000), 'y']);
  });
});
