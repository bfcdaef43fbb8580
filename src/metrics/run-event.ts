import * as z from 'zod';

/** What may happen in a run that people want to see beside its figures. */
export const EVENT_KINDS = [
  'started',
  'resumed',
  'retried',
  'child_died',
  'held',
  'breaker',
  'settings_changed',
  'settings_refused',
  'stopped',
  'finished',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const eventSchema = z.object({
  /** Milliseconds since the epoch. */
  at: z.int().nonnegative(),
  kind: z.enum(EVENT_KINDS),
  text: z.string().max(1000),
});

/**
 * Something that happened in a run.
 * Example: `{"at":1769900399000,"kind":"child_died","text":"Child 4711 died while working (signal SIGKILL); 16 customers go back to the queue"}`
 */
export type RunEvent = z.infer<typeof eventSchema>;

/** How it began is kept, and how it ended: what is left out lies between. */
const FIRST_KEPT = 50;

/** At most `max` of the events, the first 50 and the newest. */
export function boundEvents(events: readonly RunEvent[], max: number): RunEvent[] {
  if (events.length <= max) return [...events];
  return [...events.slice(0, FIRST_KEPT), ...events.slice(events.length - (max - FIRST_KEPT))];
}
