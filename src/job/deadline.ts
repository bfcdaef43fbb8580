import { durationMs } from '../config/duration-rule.ts';
import type { Settings } from '../config/schema.ts';

/** When a run ends by itself, in milliseconds since the epoch, and why, in words for log and account. */
export interface Deadline {
  at: number;
  why: string;
}

/**
 * The earlier of the two that `stop_at`, from `saidAt` on, and `max_duration` make for a start at this time; undefined where
 * neither is set.
 */
export function deadlineOf(
  { stop_at, max_duration }: Pick<Settings, 'stop_at' | 'max_duration'>,
  startedAt: Date,
  saidAt = startedAt,
): Deadline | undefined {
  const deadlines: Deadline[] = [];
  if (stop_at !== null) {
    deadlines.push({ at: nextTimeOfDay(stop_at, saidAt), why: `stopped at ${stop_at}, as stop_at says` });
  }
  const limitMs = max_duration === null ? undefined : durationMs(max_duration);
  if (limitMs !== undefined) {
    deadlines.push({ at: startedAt.getTime() + limitMs, why: `stopped after ${max_duration}, as max_duration says` });
  }
  return deadlines.sort((a, b) => a.at - b.at)[0];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/**
 * When the clock on the wall shows this time of day (`06:00`) the next time after `from`, in milliseconds since the epoch;
 * where it is put forward over it, that moment. The minutes are gone through: no arithmetic on local time knows all
 * that governments do to it.
 */
export function nextTimeOfDay(timeOfDay: string, from: Date): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  const wanted = hours * 60 + minutes;
  const start = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let at = start; at < start + 2 * DAY_MINUTES * MINUTE_MS; at += MINUTE_MS) {
    const before = minuteOfDay(at);
    const step = forwardStep(before, minuteOfDay(at + MINUTE_MS));
    const ahead = (wanted - before + DAY_MINUTES) % DAY_MINUTES;
    if (ahead > 0 && ahead <= step) return at + MINUTE_MS;
  }
  throw new Error(`the clock never shows ${timeOfDay}`);
}

function minuteOfDay(ms: number): number {
  const date = new Date(ms);
  return date.getHours() * 60 + date.getMinutes();
}

/** Minutes by which the clock went forward, negative where it was put back: no one puts it by half a day. */
const forwardStep = (before: number, after: number): number =>
  ((after - before + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;

/** The clock is looked at so often at least: it may be set, and a machine may sleep. */
const LOOK_MS = 10_000;

/** Calls `onPassed` once the clock has passed the deadline; gives what ends the wait. It keeps no process alive. */
export function whenPassed(deadline: Deadline, now: () => Date, onPassed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const leftMs = deadline.at - now().getTime();
    if (leftMs <= 0) onPassed();
    else timer = setTimeout(look, Math.min(leftMs, LOOK_MS)).unref();
  };
  look();
  return () => clearTimeout(timer);
}

/** Ends a run at its deadline, which may be moved while it is on. */
export class DeadlineWatch {
  readonly #startedAt: Date;
  readonly #now: () => Date;
  readonly #onPassed: (why: string) => void;
  #stop = () => {};

  constructor(startedAt: Date, now: () => Date, onPassed: (why: string) => void) {
    this.#startedAt = startedAt;
    this.#now = now;
    this.#onPassed = onPassed;
  }

  /** Waits for the deadline of these settings from now on, and for no other. */
  set(settings: Pick<Settings, 'stop_at' | 'max_duration'>): void {
    this.stop();
    const deadline = deadlineOf(settings, this.#startedAt, this.#now());
    if (deadline !== undefined) this.#stop = whenPassed(deadline, this.#now, () => this.#onPassed(deadline.why));
  }

  stop(): void {
    this.#stop();
  }
}
