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
  /** When the next request may begin; undefined before the first one, which may at once. */
  #nextMs: number | undefined;
  /** Starts that came back, ascending. */
  #returned: number[] = [];

  /** Requests a second from the next start on; infinite for no limit. */
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
    this.#nextMs = nextMs + this.#intervalMs;
    return nextMs;
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

  /** Forgets what was planned: the next request may begin at `atMs`. */
  restart(atMs: number): void {
    this.#returned = [];
    this.#nextMs = atMs;
  }

  #planned(nowMs: number): number {
    return this.#nextMs === undefined ? nowMs : Math.max(this.#nextMs, nowMs - TOLERANCE_MS);
  }

  #dropMissed(nowMs: number): void {
    while (this.#returned[0] !== undefined && this.#returned[0] < nowMs - TOLERANCE_MS) this.#returned.shift();
  }
}
