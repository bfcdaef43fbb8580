import { describe, expect, it } from 'vitest';
import { Feeder } from './feeder.ts';
import { WorkQueue } from './work-queue.ts';

describe('Feeder', () => {
  it('hears every wish to be fed, also one that comes in the moment in which it ends', async () => {
    for (let microtasks = 0; microtasks < 60; microtasks += 1) {
      let looks = 0;
      const feeder = new Feeder({
        queue: new WorkQueue({ next: async () => undefined, room: 1 }),
        slots: new Set(),
        plan: () => ({ chunkSize: 1, processCount: 1, requestsPerProcess: 1 }),
        canary: () => undefined,
        onCanary: () => {},
        isWorking: () => true,
        onWanted: () => {
          looks += 1;
        },
        onQuiet: () => {},
        onError: (error) => expect.unreachable(String(error)),
      });
      feeder.feed();
      for (let i = 0; i < microtasks; i += 1) await undefined;
      const before = looks;
      feeder.feed();
      await expect.poll(() => looks, { timeout: 1000, interval: 1 }).toBeGreaterThan(before);
    }
  });
});
