/** The first hold where a limited answer does not say for how long, at most; each further one doubles. */
const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** A hold that has just begun or been prolonged. */
export interface HoldChange {
  untilMs: number;
  /** False where requests were held already: what comes in meanwhile belongs to the same event. */
  isNew: boolean;
  /** It lasts longer, with those just before it, than anybody wants to wait. */
  isTooLong: boolean;
}

/**
 * The time until which nobody asks, since the endpoint said so. What it asks for is never shortened; where it does not say
 * how long, holds grow exponentially with "equal jitter" (Brooker, Exponential Backoff And Jitter, AWS Architecture Blog,
 * 2015) until an answer comes that is none of these.
 */
export class Hold {
  readonly #patienceMs: number;
  readonly #random: () => number;
  #untilMs = Number.NEGATIVE_INFINITY;
  /** Holds since the last answer that was not limited. */
  #inARow = 0;
  #firstMs = 0;

  /** `random` gives at least 0 and less than 1. */
  constructor(patienceMs: number, random: () => number) {
    this.#patienceMs = patienceMs;
    this.#random = random;
  }

  /** When requests may begin again; in the past where nothing is held. */
  get untilMs(): number {
    return this.#untilMs;
  }

  isOn(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  /** Takes a limited answer; `retryAfterMs` is what it asked for, from now on. */
  limited(retryAfterMs: number | undefined, nowMs: number): HoldChange {
    const isNew = !this.isOn(nowMs);
    if (isNew) {
      if (this.#inARow === 0) this.#firstMs = nowMs;
      this.#inARow += 1;
    }
    if (retryAfterMs !== undefined) this.#untilMs = Math.max(this.#untilMs, nowMs + retryAfterMs);
    else if (isNew) this.#untilMs = nowMs + this.#ownMs();
    return { untilMs: this.#untilMs, isNew, isTooLong: this.#untilMs - this.#firstMs > this.#patienceMs };
  }

  /** Takes an answer that was not limited, for a request that began after the last hold. */
  answered(nowMs: number): void {
    if (!this.isOn(nowMs)) this.#inARow = 0;
  }

  #ownMs(): number {
    const ceilingMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#inARow - 1));
    return (ceilingMs / 2) * (1 + this.#random());
  }
}
