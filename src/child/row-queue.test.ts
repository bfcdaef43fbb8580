import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowQueue } from './row-queue.ts';

const rowsAt = (...positions: number[]) => positions.map((position) => ({ position, values: ['7'] }));

function queueOf(slots: number) {
  const begun: number[] = [];
  const queue = new RowQueue(({ position }) => void begun.push(position));
  queue.slots = slots;
  return { begun, queue };
}

describe('RowQueue', () => {
  it('begins as many rows as there are slots, and another one as each comes to its end', () => {
    const { begun, queue } = queueOf(2);
    queue.add(rowsAt(0, 1, 2, 3));
    expect(begun).toEqual([0, 1]);
    queue.done();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('is short of rows where no more than half as many wait as there are slots', () => {
    const { queue } = queueOf(4);
    expect(queue.isShort).toBe(true);
    queue.add(rowsAt(0, 1, 2, 3, 4, 5, 6));
    expect(queue.isShort).toBe(false);
    queue.done();
    expect(queue.isShort).toBe(true);
  });

  it('begins another one while one waits for its next attempt', () => {
    const { begun, queue } = queueOf(1);
    queue.add(rowsAt(0, 1, 2));
    queue.rest();
    expect(begun).toEqual([0, 1]);
    expect(queue.resting).toBe(1);
    queue.resume();
    queue.done();
    expect(begun).toEqual([0, 1]);
  });

  it('begins more where there are more slots', () => {
    const { begun, queue } = queueOf(1);
    queue.add(rowsAt(0, 1, 2));
    queue.slots = 3;
    expect(begun).toEqual([0, 1, 2]);
  });

  it('begins the rows that others wait for without a slot, in their turn, those too that come later', () => {
    const { begun, queue } = queueOf(1);
    queue.add(rowsAt(9, 12, 7, 14));
    queue.hurry(7);
    expect(begun).toEqual([9, 12, 7]);
    queue.add(rowsAt(6, 20));
    expect(begun).toEqual([9, 12, 7, 14, 6]);
    for (let ended = 0; ended < 5; ended += 1) queue.done();
    expect(begun).toEqual([9, 12, 7, 14, 6, 20]);
  });

  it('begins each row once, whatever happens between', () => {
    const step = fc.constantFrom('done', 'rest', 'resume', 'hurry');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (slots, steps) => {
        const { begun, queue } = queueOf(slots);
        const positions = Array.from({ length: 30 }, (_, position) => position);
        queue.add(rowsAt(...positions));
        let ended = 0;
        for (const what of steps) {
          const underWay = begun.length - ended;
          if (what === 'done' && underWay > queue.resting) {
            queue.done();
            ended += 1;
          }
          if (what === 'rest' && underWay > queue.resting) queue.rest();
          if (what === 'resume' && queue.resting > 0) queue.resume();
          if (what === 'hurry') queue.hurry(begun.length + 1);
        }
        while (queue.resting > 0) queue.resume();
        for (; ended < begun.length; ended += 1) queue.done();
        expect(begun.toSorted((a, b) => a - b)).toEqual(positions);
      }),
    );
  });
});
