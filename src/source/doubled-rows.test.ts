import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerList, SourceRow } from './customer-list.ts';
import { askedFor, findDoubledRows } from './doubled-rows.ts';

const rowOf = (values: string[], position: number): SourceRow => ({
  position,
  line: position + 2,
  raw: values.join(),
  values,
});

/** As much of a list as is read. */
function listOf(rows: SourceRow[]): CustomerList {
  const left = [...rows];
  return {
    header: undefined,
    headerRaw: undefined,
    eol: '\n',
    next: async (maxRows) => left.splice(0, Math.min(maxRows, 7)),
    bytesRead: 0,
    sha256: '',
    totalBytes: undefined,
    close: async () => {},
  };
}

describe('findDoubledRows', () => {
  it('finds what more than one row asks for, by all values of the rows, and nothing else', async () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'c', '', 'a,b'), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(values, { maxLength: 60 }), async (all) => {
        const rows = all.map(rowOf);
        const counts = new Map<string, number>();
        for (const row of rows) counts.set(askedFor(row), (counts.get(askedFor(row)) ?? 0) + 1);
        const found = await findDoubledRows(listOf(rows));
        for (const [asked, count] of counts) expect(found.mayBeDoubled(asked)).toBe(count > 1);
        expect(found.count).toBe([...counts.values()].filter((count) => count > 1).length);
        expect(found.mayBeDoubled('["nobody"]')).toBe(false);
      }),
    );
  });

  it('knows a few among many, and leaves out rows that cannot be asked for', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => rowOf([`c${i === 4000 ? 17 : i}`], i));
    const bad = rows.slice(0, 10).map((row) => ({ ...row, problem: 'broken' }));
    const { count, mayBeDoubled } = await findDoubledRows(listOf([...rows, ...bad]));
    expect(count).toBe(1);
    expect(rows.filter((row) => mayBeDoubled(askedFor(row))).map(({ position }) => position)).toEqual([17, 4000]);
  });
});
