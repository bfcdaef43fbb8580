import type { LimitFunction } from 'p-limit';
import type { Outbox } from './outbox.ts';

/** What a request ends with that was not begun: by its turn there was no room any more for what might come of it. */
export const NO_ROOM = Symbol('no room');

/**
 * A child's slots, in which requests run when there is room for what comes of them. Nobody waits for room in a slot: the
 * one row that may go without, since its output makes room, needs one.
 */
export interface Slots {
  /** Resolves when there is room for what comes for the row at a position; nothing where there is now. */
  room(position: number): Promise<void> | undefined;
  /** Runs a request for it when there is a slot; resolves or rejects as the request does. */
  run<T>(request: () => Promise<T>, position: number): Promise<T | typeof NO_ROOM>;
}

export function createSlots(slots: LimitFunction, outbox: Outbox): Slots {
  return {
    room: (position) => (outbox.hasRoom(position) ? undefined : outbox.whenRoom(position)),
    run: <T>(request: () => Promise<T>, position: number) =>
      slots<[], T | typeof NO_ROOM>(() => (outbox.hasRoom(position) ? request() : NO_ROOM)),
  };
}
