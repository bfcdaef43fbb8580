/**
 * So late a request may begin without those after it being late, too: who asks a few milliseconds late costs no rate, and a
 * second holds 2 % more than its share at most.
 */
const TOLERANCE_MS = 20;

/**
 * The starts of requests at a steady rate: the generic cell rate algorithm (ITU-T I.371), without a burst at the start.
 * It plans: a start may lie ahead, and one that was not used before its time can be given back. Times are milliseconds on
 * any one clock.
 */
export class Gcra {
  #intervalMs = 0;
  /** Nothing begins before that, whatever the rate. */
  #earliestMs = Number.NEGATIVE_INFINITY;
  /** The last start that was planned: from here the next one is counted at the rate of then. Undefined before the first. */
  #lastMs: number | undefined;
  /** Starts that came back, ascending. */
  #returned: number[] = [];

  /** Requests a second from the last start on, so that one far ahead comes nearer with a higher rate; infinite for no limit. */
  set perSecond(rate: number) {
    this.#intervalMs = 1000 / rate;
  }

  /** The next start, where it lies no later than `untilMs`. */
  take(nowMs: number, untilMs: number): number | undefined {
    this.#dropMissed(nowMs);
    const [returned] = this.#returned;
    const nextMs = this.#planned(nowMs);
    if (returned !== undefined && returned <= Math.min(nextMs, untilMs)) return this.#returned.shift();
    if (nextMs > untilMs) return undefined;
    this.#lastMs = nextMs;
    return nextMs;
  }

  /** Gives up the starts whose time has come and that nobody wanted. */
  skip(nowMs: number): void {
    while (this.#returned[0] !== undefined && this.#returned[0] < nowMs) this.#returned.shift();
    if (this.#planned(nowMs) < nowMs) this.#lastMs = nowMs - this.#intervalMs;
  }

  /** When the next request may begin, now or later. */
  nextMs(nowMs: number): number {
    this.#dropMissed(nowMs);
    return Math.max(nowMs, Math.min(this.#returned[0] ?? Number.POSITIVE_INFINITY, this.#planned(nowMs)));
  }

  /** Starts that nobody will use; those whose time has passed are gone. */
  giveBack(startsMs: readonly number[], nowMs: number): void {
    this.#returned = [...this.#returned, ...startsMs.filter((startMs) => startMs > nowMs)].sort((a, b) => a - b);
  }

  /** Plans anew: those of the starts that are not used are as good as never given, and the next one is at `atMs` or later. */
  restart(nowMs: number, atMs: number, unusedMs: readonly number[]): void {
    this.#lastMs = Math.min(this.nextMs(nowMs), ...unusedMs) - this.#intervalMs;
    this.#earliestMs = atMs;
    this.#returned = [];
  }

  #planned(nowMs: number): number {
    if (this.#lastMs === undefined) return nowMs;
    return Math.max(this.#earliestMs, this.#lastMs + this.#intervalMs, nowMs - TOLERANCE_MS);
  }

  #dropMissed(nowMs: number): void {
    while (this.#returned[0] !== undefined && this.#returned[0] < nowMs - TOLERANCE_MS) this.#returned.shift();
  }
}
