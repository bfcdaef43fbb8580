import { describe, expect, it } from 'vitest';
import { planColumns } from './column-plan.ts';
import { toSourceRows } from './source-row.ts';

const plan = planColumns({ list: 'the list x', header: ['id', 'region'], column: 'id', placeholders: ['region'] });
const rowOf = (raw: string | Uint8Array) => toSourceRows([{ line: 9, raw }], plan, 4)[0];

describe('toSourceRows', () => {
  it('gives the customer and a value for each placeholder, without white space around them', () => {
    expect(rowOf(' 007\t,"  EU\n"')).toEqual({ position: 4, line: 9, raw: ' 007\t,"  EU\n"', values: ['007', 'EU'] });
  });

  it.each(['12,345,', '12,345, ,\t,'])('allows empty columns more than the header has: %j', (raw) => {
    expect(rowOf(raw)?.problem).toBeUndefined();
  });

  it.each([
    ['12,345,6', '3 columns where the header has 2'],
    ['1,2,,4', '4 columns where the header has 2'],
    [',EU', 'no customer: column 1 ("id") is empty'],
    ['"",EU', 'no customer: column 1 ("id") is empty'],
    [' , ', 'no customer: column 1 ("id") is empty'],
    ['7', 'no column 2 ("region"): the row has 1'],
    ['7,"', 'a quote is opened and never closed'],
  ])('says why %j is a bad row', (raw, problem) => {
    expect(rowOf(raw)).toMatchObject({ raw, problem });
  });

  it('fails a row that is not UTF-8, with what can be read of it for the log', () => {
    const raw = new Uint8Array([0x43, 0xe9, 0x2c, 0x45]);
    expect(rowOf(raw)).toEqual({ position: 4, line: 9, raw, values: ['C\ufffd', 'E'], problem: 'not UTF-8' });
  });

  it('keeps the order where some rows were parsed before', () => {
    const rows = toSourceRows(
      [
        { line: 1, raw: 'a,1' },
        { line: 2, raw: '"b\n",2', parsed: ['b\n', '2'] },
        { line: 4, raw: 'c,3' },
      ],
      plan,
      0,
    );
    expect(rows.map(({ position, values }) => [position, ...values])).toEqual([
      [0, 'a', '1'],
      [1, 'b', '2'],
      [2, 'c', '3'],
    ]);
  });
});
