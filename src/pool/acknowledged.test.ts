import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Acknowledged } from './acknowledged.ts';

it('tells up to which message all are written, in whatever order they are, and each time only what is new', () => {
  const order = fc.integer({ min: 1, max: 30 }).chain((count) => {
    const all = Array.from({ length: count }, (_, i) => i + 1);
    return fc.shuffledSubarray(all, { minLength: count });
  });
  fc.assert(
    fc.property(order, (sequences) => {
      const acknowledged = new Acknowledged();
      for (const sequence of sequences.toSorted((a, b) => a - b)) acknowledged.expect(sequence);
      const written = new Set<number>();
      let told = 0;
      for (const sequence of sequences) {
        written.add(sequence);
        let upTo = told;
        while (written.has(upTo + 1)) upTo += 1;
        expect(acknowledged.take(sequence)).toBe(upTo > told ? upTo : undefined);
        told = upTo;
        expect(acknowledged.isWaiting).toBe(told < sequences.length);
      }
    }),
  );
});
