import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../source/customer-list.ts';
import { askedFor } from '../source/doubled-rows.ts';
import { AskedOnce } from './asked-once.ts';
import { givenUpBy, type Settled } from './settled.ts';

const rowOf = (customer: string, position: number): SourceRow => ({
  position,
  line: position + 2,
  raw: customer,
  values: [customer],
});
const okOf = (row: SourceRow): Settled => ({
  text: `${row.values[0]}\n`,
  rows: [row],
  empty: [],
  failures: [],
  records: 1,
  attempts: 1,
});
const failedOf = (row: SourceRow): Settled => ({
  ...givenUpBy([{ row, failure: { kind: 'timeout', reason: 'late', attempts: 3, elapsedMs: 9 }, time: 5 }]),
  attempts: 3,
});

/** Every hash is taken for one of several: what is asked for decides, and not its hash. */
const COLLIDING = { count: 1, mayBeDoubled: () => true };
const facts = (...settledBefore: string[]) => ({
  rows: COLLIDING,
  settledBefore: new Map(settledBefore.map((customer) => [askedFor({ values: [customer] }), { is: 'ok' }] as const)),
});

describe('AskedOnce', () => {
  it('asks for each thing once, and settles every row once, whatever the order of reading and settling', () => {
    const customer = fc.constantFrom('a', 'b', 'c', 'fails', 'd');
    fc.assert(
      fc.property(fc.array(customer, { maxLength: 40 }), fc.array(fc.boolean()), (customers, turns) => {
        const once = new AskedOnce(facts('d'));
        const asked: SourceRow[] = [];
        const settled: Settled[] = [];
        const settleFirst = () => {
          const row = asked.shift();
          if (row !== undefined) settled.push(once.withSharing(row.values[0] === 'fails' ? failedOf(row) : okOf(row)));
        };
        let times = 0;
        for (const [at, row] of customers.map(rowOf).entries()) {
          const { toAsk, settled: atOnce } = once.admit([row]);
          times += toAsk.length;
          asked.push(...toAsk);
          settled.push(atOnce);
          if (turns[at] === true) settleFirst();
        }
        while (asked.length > 0) settleFirst();
        const distinct = new Set(customers.filter((each) => each !== 'd'));
        expect(times).toBe(distinct.size);
        expect(settled.map(({ text }) => text).join('')).toHaveLength(
          2 * (distinct.size - Number(distinct.has('fails'))),
        );
        const ok = settled.flatMap(({ rows }) => rows);
        const failed = settled.flatMap(({ failures }) => failures.map(({ row }) => row));
        expect([...ok, ...failed].map(({ position }) => position).sort((a, b) => a - b)).toEqual([...customers.keys()]);
        expect(failed.every(({ values }) => values[0] === 'fails')).toBe(true);
        expect(settled.flatMap(({ empty }) => empty)).toHaveLength(ok.length - times + Number(distinct.has('fails')));
        expect(once.waiting).toBe(0);
      }),
    );
  });

  it('has those that share a failure fail with its reason, and with no requests of their own', () => {
    const once = new AskedOnce(facts());
    const [first = expect.unreachable()] = once.admit([rowOf('a', 0), rowOf('a', 1)]).toAsk;
    expect(once.waiting).toBe(1);
    const { failures, attempts } = once.withSharing(failedOf(first));
    expect(failures.map(({ row, failure }) => [row.position, failure.reason, failure.attempts])).toEqual([
      [0, 'late', 3],
      [1, 'late', 0],
    ]);
    expect(attempts).toBe(3);
  });

  it('has rows fail for what failed before this start', () => {
    const failure = { kind: 'timeout', reason: 'late', attempts: 0, elapsedMs: 0 } as const;
    const settledBefore = new Map([[askedFor(rowOf('a', 0)), { is: 'failed', failure, time: 5 } as const]]);
    const { toAsk, settled } = new AskedOnce({ rows: COLLIDING, settledBefore }).admit([rowOf('a', 1), rowOf('b', 2)]);
    expect(toAsk.map(({ position }) => position)).toEqual([2]);
    expect(settled.failures).toEqual([{ row: rowOf('a', 1), failure, time: 5 }]);
  });

  it('leaves a row alone that cannot be asked for, whatever is in it', () => {
    const once = new AskedOnce(facts());
    once.admit([rowOf('a', 0), rowOf('a', 1)]);
    const bad = failedOf({ ...rowOf('a', 2), problem: 'broken' });
    expect(once.withSharing(bad)).toBe(bad);
    expect(once.waiting).toBe(1);
  });
});
