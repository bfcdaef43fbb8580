import type { Random } from '../torture/random.ts';
import type { SimulatedClock } from './clock.ts';

/** What an endpoint answers. */
export type Reply = { status: 200 } | { status: 429; retryAfterMs?: number } | { status: 503 };

/** An endpoint with a limit that nobody knows. */
export interface SimulatedEndpoint {
  name: string;
  /** Answers a second that it can give at a time. */
  capacity(nowMs: number): number;
  ask(answer: (reply: Reply) => void): void;
}

/** An answer takes about so long, and half as long at least. */
const LATENCY_MS = 50;
/** Saying no is quick. */
const REFUSAL_MS = 5;

/** A token bucket that holds a second's worth: 429 where it is empty, with or without the time to wait. */
export function tokenBucket(
  name: string,
  { clock, random }: World,
  ratePerSecond: (nowMs: number) => number,
  retryAfterMs?: number,
): SimulatedEndpoint {
  let tokens = ratePerSecond(0);
  let filledMs = 0;
  return {
    name,
    capacity: ratePerSecond,
    ask: (answer) => {
      const rate = ratePerSecond(clock.nowMs);
      tokens = Math.min(rate, tokens + (rate * (clock.nowMs - filledMs)) / 1000);
      filledMs = clock.nowMs;
      const isGiven = tokens >= 1;
      if (isGiven) tokens -= 1;
      const refusal: Reply = { status: 429, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      clock.after(isGiven ? latencyMs(random) : REFUSAL_MS, () => answer(isGiven ? { status: 200 } : refusal));
    },
  };
}

/** A server that works at so many at a time, lets so many more wait, and answers 503 to all others. */
export function slotServer(name: string, { clock, random }: World, slots: number, room: number): SimulatedEndpoint {
  const waiting: ((reply: Reply) => void)[] = [];
  let busy = 0;
  const serve = (answer: (reply: Reply) => void): void => {
    busy += 1;
    clock.after(latencyMs(random), () => {
      busy -= 1;
      const next = waiting.shift();
      if (next !== undefined) serve(next);
      answer({ status: 200 });
    });
  };
  return {
    name,
    capacity: () => (slots * 1000) / LATENCY_MS,
    ask: (answer) => {
      if (busy < slots) serve(answer);
      else if (waiting.length < room) waiting.push(answer);
      else clock.after(REFUSAL_MS, () => answer({ status: 503 }));
    },
  };
}

/** Where it all happens. */
export interface World {
  clock: SimulatedClock;
  random: Random;
}

const latencyMs = (random: Random): number => random.int(LATENCY_MS * 0.5, LATENCY_MS * 1.5);
