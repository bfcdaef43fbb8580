import type { LimitFunction } from 'p-limit';
import type { Outbox } from './outbox.ts';

/** Runs a request for the row at a position; resolves or rejects as the request does. */
export type RunInSlot = <T>(request: () => Promise<T>, position: number) => Promise<T>;

const NO_ROOM = Symbol('no room');

/**
 * Runs requests in a child's slots, each when there is room for what comes of it. Nobody waits for room in a slot: the
 * one row that may go without, since its output makes room, needs one.
 */
export function createSlots(slots: LimitFunction, outbox: Outbox): RunInSlot {
  return async <T>(request: () => Promise<T>, position: number) => {
    for (;;) {
      if (!outbox.hasRoom(position)) await outbox.whenRoom(position);
      const done = await slots<[], T | typeof NO_ROOM>(() => (outbox.hasRoom(position) ? request() : NO_ROOM));
      if (done !== NO_ROOM) return done;
    }
  };
}
