import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';
import { MAX_ROW_BYTES, MAX_ROW_LINES, type RawRow, RowAssembler } from './row-assembler.ts';

const assemble = (list: string | Buffer): RawRow[] => {
  const splitter = new LineSplitter();
  const assembler = new RowAssembler();
  const rows = assembler.push([...splitter.push(Buffer.from(list)), ...splitter.end()]);
  return [...rows, ...assembler.end()];
};
const startsOf = (rows: readonly RawRow[]): [number, string | Uint8Array][] => rows.map(({ line, raw }) => [line, raw]);

describe('RowAssembler', () => {
  it('leaves blank lines out and keeps the number of each line', () => {
    expect(startsOf(assemble('\n \t\r\na\n\nb'))).toEqual([
      [3, 'a'],
      [5, 'b'],
    ]);
  });

  it('joins the lines of a quoted value with the line breaks that they had', () => {
    expect(startsOf(assemble('"a\r\n\n  b",1\nc'))).toEqual([
      [1, '"a\r\n\n  b",1'],
      [4, 'c'],
    ]);
  });

  it('takes only the first line for bad where the next quote does not close the row', () => {
    const rows = assemble('5" pipe\nb\n6" pipe\nc');
    expect(startsOf(rows)).toEqual([
      [1, '5" pipe'],
      [2, 'b'],
      [3, '6" pipe'],
      [4, 'c'],
    ]);
    expect(rows.map(({ parsed }) => parsed !== undefined && 'problem' in parsed)).toEqual([true, false, true, false]);
  });

  it('joins as many lines as are allowed and no more', () => {
    const open = (lines: number) => `"${'x\n'.repeat(lines - 1)}",1\nlast`;
    expect(assemble(open(MAX_ROW_LINES))).toHaveLength(2);
    expect(assemble(open(MAX_ROW_LINES + 1))).toHaveLength(MAX_ROW_LINES + 2);
  });

  it('joins as many bytes as are allowed and no more', () => {
    const open = (bytes: number) => `"\n${'x'.repeat(bytes - 3)}"\nlast`;
    expect(assemble(open(MAX_ROW_BYTES))).toHaveLength(2);
    expect(assemble(open(MAX_ROW_BYTES + 1))).toHaveLength(3);
  });

  it('keeps the bytes of a joined row that is not UTF-8', () => {
    const list = Buffer.concat([Buffer.from('"é\n'), Buffer.from('é"', 'latin1')]);
    expect(assemble(list)[0]?.raw).toEqual(new Uint8Array(list));
  });
});
