import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChunk, spanOf } from '../pool/chunk-plan.ts';
import { heldLimitOf } from './held-limit.ts';

const facts = fc.record({
  processCount: fc.integer({ min: 1, max: 64 }),
  requestsPerProcess: fc.integer({ min: 1, max: 1000 }),
  chunkSize: fc.integer({ min: 1, max: 10_000 }),
});

describe('heldLimitOf', () => {
  it('is as much as the pool hands out at most', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { widest } = planChunk({ ...given, queued: 1, isTail: false });
        expect(heldLimitOf({ ...given, outputOrder: 'arrival' })).toBe(given.processCount * widest);
        expect(heldLimitOf({ ...given, outputOrder: 'input' })).toBe(spanOf(given));
      }),
    );
  });
});
