/** A rate is taken over so long at least: over less it is the size of a message that counts. */
const SPAN_MS = 20;

/** How fast a child gets on with rows, as of its last messages: what it is fed by, where `progress` smooths over seconds. */
export class RowRate {
  #rows = 0;
  #fromMs: number;
  #perMs = 0;

  /** Times are in milliseconds, of any clock that only goes forward. */
  constructor(nowMs: number) {
    this.#fromMs = nowMs;
  }

  /** So many are done with. */
  count(rows: number, nowMs: number): void {
    this.#rows += rows;
    const spanMs = nowMs - this.#fromMs;
    if (spanMs < SPAN_MS) return;
    this.#perMs = this.#rows / spanMs;
    this.#rows = 0;
    this.#fromMs = nowMs;
  }

  /** Rows that make so many milliseconds of work; none before anything is known. */
  rowsIn(ms: number): number {
    return Math.floor(this.#perMs * ms);
  }
}
