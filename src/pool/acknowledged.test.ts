import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TOLD_BYTES } from '../channel/unwritten.ts';
import { Acknowledged } from './acknowledged.ts';

it('tells up to which message all are written, in whatever order they are, once that is much of what a child may hold', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: TOLD_BYTES * 1.5 }), { minLength: 1, maxLength: 30 });
  const order = sizes.chain((bytes) => {
    const all = bytes.map((_, i) => i + 1);
    return fc.record({
      bytes: fc.constant(bytes),
      sequences: fc.shuffledSubarray(all, { minLength: all.length }),
    });
  });
  fc.assert(
    fc.property(order, ({ bytes, sequences }) => {
      const acknowledged = new Acknowledged();
      for (const [i, length] of bytes.entries()) {
        acknowledged.expect({ type: 'log', sequence: i + 1, lines: 'x'.repeat(length) });
      }
      const written = new Set<number>();
      let [upTo, untoldBytes] = [0, 0];
      for (const sequence of sequences) {
        written.add(sequence);
        while (written.has(upTo + 1)) {
          untoldBytes += bytes[upTo] ?? 0;
          upTo += 1;
        }
        const isTold = untoldBytes >= TOLD_BYTES;
        expect(acknowledged.take(sequence)).toBe(isTold ? upTo : undefined);
        if (isTold) untoldBytes = 0;
        expect(acknowledged.isWaiting).toBe(upTo < sequences.length);
      }
    }),
    { numRuns: 30 },
  );
});
