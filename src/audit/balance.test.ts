import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../source/customer-list.ts';
import { Balance } from './balance.ts';
import { findDifferences } from './find-differences.ts';

const texts = fc.array(fc.constantFrom('', 'a', 'b', 'ä', 'a\n', ...'cdefgh'), { maxLength: 30 });
const rowOf = (text: string, position: number): SourceRow => ({ position, line: 1, raw: text, values: [text] });
const counted = (all: string[], text: string): number => all.filter((each) => each === text).length;

const balanceOf = (expected: string[], seen: string[]): Balance => {
  const balance = new Balance();
  for (const text of expected) balance.expect(text);
  for (const text of seen) balance.see(text);
  return balance;
};

async function differences(expected: string[], seen: string[], mayMerge: boolean) {
  const missing: string[] = [];
  const surplus: [string, number, number][] = [];
  await findDifferences(balanceOf(expected, seen), {
    seen: async (take) => {
      for (const text of seen) take(text);
    },
    expected: async (take) => {
      for (const [position, text] of expected.entries()) take(text, rowOf(text, position));
    },
    mayMerge,
    onMissing: ({ raw }) => missing.push(String(raw)),
    onSurplus: (...found) => surplus.push(found),
  });
  return { missing: missing.sort(), surplus: surplus.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

describe('Balance', () => {
  it('is even where both sides have the same texts as often, in whatever order, and nowhere else', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const isSame = JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
        expect(balanceOf(a, b).unevenParts(10).length === 0).toBe(isSame);
        expect(balanceOf(a, [...a].reverse()).unevenParts(10)).toEqual([]);
      }),
    );
  });

  it('gives each bucket that differs in one part, more parts where fewer texts may be held', () => {
    const expected = Array.from({ length: 3000 }, (_, i) => `text ${i}`);
    const balance = balanceOf(expected, []);
    const parts = balance.unevenParts(100);
    expect(parts.length).toBeGreaterThan(20);
    expect(balance.unevenParts(1_000_000)).toHaveLength(1);
    for (const text of expected) {
      expect(parts.filter((part) => part.has(balance.bucketOf(text)))).toHaveLength(1);
    }
  });
});

describe('findDifferences', () => {
  it('names what is missing and what is there too often, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (expected, seen) => {
        const found = await differences(expected, seen, false);
        const all = [...new Set([...expected, ...seen])].sort();
        const lacking = all.flatMap((text) =>
          new Array<string>(Math.max(0, counted(expected, text) - counted(seen, text))).fill(text),
        );
        expect(found.missing).toEqual(lacking);
        expect(found.surplus.map(([text, a, b]) => [text, a - b])).toEqual(
          all.flatMap((text) => {
            const more = counted(seen, text) - counted(expected, text);
            return more > 0 ? [[text, more]] : [];
          }),
        );
      }),
    );
  });

  it('takes texts that may merge as there where one of them is', async () => {
    expect(await differences(['a', 'a', 'a', 'b'], ['a', 'b'], true)).toEqual({ missing: [], surplus: [] });
    expect(await differences(['a', 'b', 'b'], ['a', 'a'], true)).toEqual({
      missing: ['b', 'b'],
      surplus: [['a', 2, 1]],
    });
  });
});
