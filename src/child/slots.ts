import type { LimitFunction } from 'p-limit';
import type { Outbox } from './outbox.ts';

/** Runs a request for the row at a position; resolves or rejects as the request does. */
export type RunInSlot = <T>(request: () => Promise<T>, position: number) => Promise<T>;

/**
 * Runs requests in a child's slots, each when there is room for what comes of it. Nobody waits for room in a slot: the
 * one row that may go without, since its output makes room, needs one.
 */
export function createSlots(slots: LimitFunction, outbox: Outbox): RunInSlot {
  return async (request, position) => {
    for (;;) {
      await outbox.whenRoom(position);
      const done = await slots(async () => (outbox.hasRoom(position) ? { value: await request() } : undefined));
      if (done !== undefined) return done.value;
    }
  };
}
