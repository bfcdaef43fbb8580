/** How long the memory of the two rates is: one is for looking at, the other for what is to come. */
const NOW_MS = 3000;
const TREND_MS = 30_000;
/**
 * The end that is told moves to where it is expected with inertia, so that the time left does not jump: with this much at
 * most, and less where it is near, or a wrong first guess would stand for the whole of a short run.
 */
const MAX_INERTIA_MS = 10_000;
const INERTIA_OF_LEFT = 0.1;
/** Before that children are still starting, and nothing is known of the end. */
const WARM_UP_MS = 5000;

/** How fast customers are settled, and when the last of them will be; times are in milliseconds and go forward. */
export class Pace {
  readonly #startedAt: number;
  readonly #doneAtStart: number;
  #at: number;
  #done: number;
  #now = 0;
  #trend = 0;
  #endAt: number | undefined;

  constructor(at: number, done: number) {
    this.#startedAt = at;
    this.#doneAtStart = done;
    this.#at = at;
    this.#done = done;
  }

  /** So many are settled at this time; `total` is how many there will be, where that is known. */
  update(at: number, done: number, total: number | undefined): void {
    const passedMs = at - this.#at;
    if (passedMs <= 0) return;
    const rate = ((done - this.#done) * 1000) / passedMs;
    this.#now += this.#weight(passedMs, at, NOW_MS) * (rate - this.#now);
    this.#trend += this.#weight(passedMs, at, TREND_MS) * (rate - this.#trend);
    this.#at = at;
    this.#done = done;
    this.#expectEnd(passedMs, total);
  }

  /** Customers a second, just now. */
  get now(): number {
    return this.#now;
  }

  /** Customers a second, since this start of the run. */
  get overall(): number {
    return ((this.#done - this.#doneAtStart) * 1000) / Math.max(1, this.#at - this.#startedAt);
  }

  /** Milliseconds until the last one is settled; undefined where nothing can be said. */
  get leftMs(): number | undefined {
    return this.#endAt === undefined ? undefined : Math.max(0, this.#endAt - this.#at);
  }

  /** The weight of what was measured last: all of the time there was has the same at first, and what is long past none later. */
  #weight(passedMs: number, at: number, memoryMs: number): number {
    return Math.max(passedMs / (at - this.#startedAt), 1 - Math.exp(-passedMs / memoryMs));
  }

  #expectEnd(passedMs: number, total: number | undefined): void {
    const isWarm = this.#at - this.#startedAt >= WARM_UP_MS;
    if (total === undefined || !isWarm || this.#trend < 0.001) {
      this.#endAt = undefined;
      return;
    }
    const expected = this.#at + ((total - this.#done) * 1000) / this.#trend;
    const before = this.#endAt ?? expected;
    const inertiaMs = Math.min(MAX_INERTIA_MS, Math.max(1, expected - this.#at) * INERTIA_OF_LEFT);
    this.#endAt = before + (1 - Math.exp(-passedMs / inertiaMs)) * (expected - before);
  }
}
