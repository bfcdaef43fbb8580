import { LatencyHistogram } from '../channel/latency-histogram.ts';
import type { FlightResults } from './flight-control.ts';

/** A window is judged once it is so long, and holds so many attempts. */
const LENGTH_MS = 200;
const ATTEMPTS = 20;

/** What a window came to. */
export interface WindowFacts {
  overload: number;
  /** Overload answers among all, 0 to 1. */
  share: number;
  wellPerSecond: number;
  /** The median latency; undefined where nothing was answered well. */
  typicalMs: number | undefined;
  /** How late the children themselves were, at most. */
  lagMs: number;
}

/** Attempts over a stretch of time, long enough to say something. */
export class FlightWindow {
  readonly #sinceMs: number;
  readonly #latencies = new LatencyHistogram();
  #well = 0;
  #overload = 0;
  #lagMs = 0;

  /** What comes before `sinceMs` is passed over. */
  constructor(nowMs: number, sinceMs = nowMs) {
    this.#sinceMs = sinceMs;
  }

  /** Adds results; gives the facts once there is enough, which is also where as many came as were in flight. */
  take(
    { well, overload, latencies, lagMs: lag }: FlightResults,
    nowMs: number,
    inFlight: number,
  ): WindowFacts | undefined {
    const lengthMs = nowMs - this.#sinceMs;
    if (lengthMs < 0) return undefined;
    this.#well += well;
    this.#overload += overload;
    this.#lagMs = Math.max(this.#lagMs, lag);
    this.#latencies.add(latencies);
    const count = this.#well + this.#overload;
    const isEnough = count >= Math.max(ATTEMPTS, inFlight) || lengthMs >= 10 * LENGTH_MS;
    if (count === 0 || !isEnough || (lengthMs < LENGTH_MS && count < 2 * ATTEMPTS)) return undefined;
    return {
      overload: this.#overload,
      share: this.#overload / count,
      wellPerSecond: (this.#well * 1000) / Math.max(1, lengthMs),
      typicalMs: this.#latencies.quantileMs(0.5),
      lagMs: this.#lagMs,
    };
  }
}
