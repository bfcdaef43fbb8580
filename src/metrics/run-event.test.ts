import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundEvents, type RunEvent } from './run-event.ts';

it('boundEvents keeps the first 50 and the newest, in their order', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.integer({ min: 51, max: 200 }), (count, max) => {
      const events = Array.from({ length: count }, (_, at): RunEvent => ({ at, kind: 'held', text: '' }));
      const kept = boundEvents(events, max);
      expect(kept).toHaveLength(Math.min(count, max));
      expect(kept.slice(0, 50)).toEqual(events.slice(0, 50));
      expect(kept.at(-1)).toEqual(events.at(-1));
      expect([...kept].sort((a, b) => a.at - b.at)).toEqual(kept);
    }),
  );
});
