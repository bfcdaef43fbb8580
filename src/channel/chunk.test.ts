import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunkOf, rowsOf } from './chunk.ts';

it('hands rows over as they are, however many values they have', () => {
  const lists = fc.integer({ min: 1, max: 4 }).chain((width) => {
    const values = fc.array(fc.string(), { minLength: width, maxLength: width });
    return fc.array(fc.record({ position: fc.nat(), values }), { maxLength: 20 });
  });
  fc.assert(
    fc.property(lists, (rows) => {
      expect(rowsOf(chunkOf(rows))).toEqual(rows);
    }),
  );
});
