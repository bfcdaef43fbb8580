import type { Quota } from '../channel/protocol.ts';

/** As long as more than this share of a quota is left, there is no need to be slow. */
const ENOUGH = 0.2;
/** Where the whole quota is not known: so many times the requests in flight are enough. */
const ENOUGH_FLIGHTS = 4;

/**
 * What is left of the endpoint's quota, as its answers say, and how fast it may be used up: evenly until the reset, once
 * little is left. Times are milliseconds.
 */
export class QuotaPace {
  readonly #maxInFlight: number;
  readonly #patienceMs: number;
  #perSecond = Number.POSITIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(maxInFlight: number, patienceMs: number) {
    this.#maxInFlight = maxInFlight;
    this.#patienceMs = patienceMs;
  }

  /** Requests a second that the quota allows now. */
  perSecond(nowMs: number): number {
    return nowMs < this.#untilMs ? this.#perSecond : Number.POSITIVE_INFINITY;
  }

  /** When its last word loses its meaning. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** Takes what an answer said; gives the wait where nothing is left. `inFlight` requests will use it up, too. */
  take({ remaining, resetMs, limit }: Quota, inFlight: number, nowMs: number): number | undefined {
    // Nobody waits for that: the endpoint may say what it means by answering.
    if (remaining === 0 && resetMs > this.#patienceMs) return undefined;
    const enough = limit === undefined ? ENOUGH_FLIGHTS * this.#maxInFlight : ENOUGH * limit;
    const left = Math.max(1, remaining - inFlight);
    this.#untilMs = nowMs + resetMs;
    this.#perSecond = remaining > enough ? Number.POSITIVE_INFINITY : (left * 1000) / Math.max(1, resetMs);
    return remaining === 0 && resetMs > 0 ? resetMs : undefined;
  }
}
