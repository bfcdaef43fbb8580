import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InOrder } from './in-order.ts';
import type { Settled } from './settled.ts';
import { joined, settledApart } from './settled-apart.ts';

const rowAt = (position: number) => ({ position, line: position + 2, raw: `r${position}`, values: [`c${position}`] });

/** What a child says of some rows: two lines for every third, none for every fifth, a failure for every seventh. */
function settledOf(positions: readonly number[]): Settled {
  const isFailed = (position: number) => position % 7 === 6;
  const records = (position: number) => (position % 5 === 4 ? 0 : 1 + Number(position % 3 === 2));
  const text = (position: number) => `${position}\n`.repeat(records(position));
  const ok = positions.filter((position) => !isFailed(position));
  return {
    text: ok.map(text).join(''),
    rows: ok.map(rowAt),
    empty: ok.filter((position) => records(position) === 0),
    failures: positions.filter(isFailed).map((position) => ({
      row: rowAt(position),
      failure: { kind: 'timeout', reason: 'late', attempts: 2, elapsedMs: 1 },
      time: 0,
    })),
    records: ok.reduce((sum, position) => sum + records(position), 0),
    attempts: ok.length + 2 * positions.filter(isFailed).length,
    parts: ok.map((position) => ({ length: text(position).length, records: records(position), attempts: 1 })),
  };
}

const withoutParts = ({ parts: _, ...settled }: Settled) => settled;
const positionsOf = ({ rows, failures }: Settled) =>
  [...rows, ...failures.map(({ row }) => row)].map((row) => row.position);

/** Numbers below `count`, mixed, in messages of some. */
const messages = fc
  .integer({ min: 1, max: 60 })
  .chain((count) =>
    fc.tuple(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i),
        { minLength: count },
      ),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: count, maxLength: count }),
    ),
  )
  .map(([positions, sizes]) => sizes.map((size) => positions.splice(0, size)).filter((part) => part.length > 0));

describe('settledApart', () => {
  it('takes apart what `joined` puts together', () => {
    fc.assert(
      fc.property(messages, ([positions = []]) => {
        const settled = settledOf(positions);
        const apart = settledApart(settled);
        expect(apart.every((each) => positionsOf(each).length === 1)).toBe(true);
        expect(joined(apart)).toEqual(withoutParts(settled));
      }),
    );
  });
});

describe('InOrder', () => {
  it('passes every row on once, in the order in which they were read, whatever the order in which they are settled', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (parts) => {
        const count = parts.flat().length;
        const written: Settled[] = [];
        const order = new InOrder(
          async (settled) => void written.push(settled),
          () => 100,
          () => {},
        );
        order.expect(Array.from({ length: count }, (_, i) => i));
        const done = parts.map((positions) => order.settle(settledOf(positions)));
        await Promise.all(done);
        const all = Array.from({ length: count }, (_, i) => i);
        expect(withoutParts(joined(written))).toEqual(withoutParts(settledOf(all)));
        expect({
          waiting: order.waiting,
          room: order.room,
          bytes: order.waitingBytes,
          straggler: order.straggler,
        }).toEqual({
          waiting: 0,
          room: 100,
          bytes: 0,
          straggler: undefined,
        });
      }),
    );
  });

  it('holds what is behind a straggler until that is settled, and says who it is', async () => {
    const written: number[][] = [];
    const order = new InOrder(
      async (settled) => void written.push(positionsOf(settled)),
      () => 5,
      () => {},
    );
    order.expect([3, 4, 8]);
    let isWritten = false;
    const behind = order.settle(settledOf([4, 8])).then(() => {
      isWritten = true;
    });
    await Promise.resolve();
    expect({ written, isWritten, waiting: order.waiting, room: order.room, straggler: order.straggler }).toEqual({
      written: [],
      isWritten: false,
      waiting: 2,
      room: 2,
      straggler: 3,
    });
    await order.settle(settledOf([3]));
    await behind;
    expect(written).toEqual([[3, 4, 8]]);
  });

  it('lets nobody wait once it is released, and passes on what can be', async () => {
    const written: number[][] = [];
    const order = new InOrder(
      async (settled) => void written.push(positionsOf(settled)),
      () => 9,
      () => {},
    );
    order.expect([0, 1, 2, 3]);
    const waiting = order.settle(settledOf([1]));
    order.release();
    await waiting;
    await order.settle(settledOf([3]));
    expect(written).toEqual([]);
    await order.settle(settledOf([0]));
    expect(written).toEqual([[0, 1]]);
  });

  it('has who settles what is passed on wait for the disk, released or not', async () => {
    const disk = Promise.withResolvers<void>();
    const order = new InOrder(
      () => disk.promise,
      () => 9,
      () => {},
    );
    order.expect([0, 1]);
    order.release();
    let isWritten = false;
    const written = order.settle(settledOf([0])).then(() => {
      isWritten = true;
    });
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    disk.resolve();
    await written;
  });

  it('passes an error of the writing on to all who wait for it', async () => {
    const order = new InOrder(
      () => Promise.reject(new Error('full')),
      () => 9,
      () => {},
    );
    order.expect([0, 1]);
    const behind = order.settle(settledOf([1]));
    await expect(order.settle(settledOf([0]))).rejects.toThrow('full');
    await expect(behind).rejects.toThrow('full');
  });
});
