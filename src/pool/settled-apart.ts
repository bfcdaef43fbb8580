import type { Settled } from './settled.ts';

const NOTHING: Settled = { text: '', rows: [], empty: [], failures: [], records: 0, attempts: 0 };

/** What settles some rows, taken apart: what settles each of them. Its `parts` say which row has which lines. */
export function settledApart({ text, rows, failures, attempts: all, parts = [] }: Settled): Settled[] {
  // What a row did that was given up in the parent counts for none.
  const isCounted = all > 0;
  let from = 0;
  const ok = rows.map((row, index): Settled => {
    const { length, records, attempts } = parts[index] ?? { length: 0, records: 0, attempts: 0 };
    const own = text.slice(from, from + length);
    from += length;
    return { ...NOTHING, text: own, rows: [row], empty: records === 0 ? [row.position] : [], records, attempts };
  });
  const failed = failures.map(
    (failure): Settled => ({ ...NOTHING, failures: [failure], attempts: isCounted ? failure.failure.attempts : 0 }),
  );
  return [...ok, ...failed];
}

/** What settles some rows as one, in their order. */
export function joined(settled: readonly Settled[]): Settled {
  const sum = (of: (each: Settled) => number) => settled.reduce((total, each) => total + of(each), 0);
  return {
    text: settled.map(({ text }) => text).join(''),
    rows: settled.flatMap(({ rows }) => rows),
    empty: settled.flatMap(({ empty }) => empty),
    failures: settled.flatMap(({ failures }) => failures),
    records: sum(({ records }) => records),
    attempts: sum(({ attempts }) => attempts),
  };
}
