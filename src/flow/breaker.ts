/** So many first attempts are looked back on, and so few are enough to judge. */
const MEMORY = 30;
const ENOUGH = 10;
/** Almost everything: what fails of those. */
const ALMOST_ALL = 0.95;
/**
 * Where few are asked for in a second, almost all of those looked back on would take longer than customers have attempts:
 * nobody answered for so long, and the last few all failing, is enough, too.
 */
const SILENT_MS = 10_000;
const FIRST_PROBE_MS = 1000;
const LONGEST_PROBE_MS = 30_000;

/**
 * Opens when almost everything fails, so that nobody is asked for in vain; then one request at a time tries whether the
 * endpoint is back, at growing intervals (the circuit breaker of Nygard, Release It!, 2007). First attempts alone count:
 * at the end of a list only those are asked for that failed before. Times are milliseconds.
 */
export class Breaker {
  readonly #patienceMs: number;
  #recent: boolean[] = [];
  /** When anybody was last answered well. */
  #wellMs = Number.NEGATIVE_INFINITY;
  #openSinceMs: number | undefined;
  #pauseMs = FIRST_PROBE_MS;
  #nextProbeMs = 0;
  #isProbing = false;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get isOpen(): boolean {
    return this.#openSinceMs !== undefined;
  }

  /** When the next probe may go out; infinite where one is under way or none is needed. */
  get nextProbeMs(): number {
    return this.isOpen && !this.#isProbing ? this.#nextProbeMs : Number.POSITIVE_INFINITY;
  }

  /** When nobody wants to wait any longer; infinite where it is closed. */
  get impatientMs(): number {
    return this.#openSinceMs === undefined ? Number.POSITIVE_INFINITY : this.#openSinceMs + this.#patienceMs;
  }

  /** A probe goes out. */
  probe(): void {
    this.#isProbing = true;
  }

  /** Nothing will come of the probe: another one may be sent. */
  loseProbe(): void {
    this.#isProbing = false;
  }

  /** Somebody was answered well, at whatever attempt. */
  answered(nowMs: number): void {
    this.#wellMs = nowMs;
  }

  /** Takes what came of first attempts while it is closed; true where it opens with that. */
  takeFirsts(failed: number, well: number, nowMs: number): boolean {
    if (this.isOpen) return false;
    if (well > 0) this.answered(nowMs);
    const news = [...times(failed, true), ...times(well, false)];
    this.#recent = [...this.#recent, ...news].slice(-MEMORY);
    if (this.#recent.length < ENOUGH || !(this.#isAlmostAllFailed || this.#isSilent(nowMs))) return false;
    this.#openSinceMs = nowMs;
    this.#pauseMs = FIRST_PROBE_MS;
    this.#nextProbeMs = nowMs + FIRST_PROBE_MS;
    this.#isProbing = false;
    return true;
  }

  get #isAlmostAllFailed(): boolean {
    return this.#recent.filter((it) => it).length >= ALMOST_ALL * this.#recent.length;
  }

  #isSilent(nowMs: number): boolean {
    return nowMs - this.#wellMs >= SILENT_MS && this.#recent.slice(-ENOUGH).every((it) => it);
  }

  /**
   * Takes what came of attempts while it is open: failed probes, those that were limited, and answers to anybody, of which
   * one is enough. True where it closes with that.
   */
  takeProbe(failed: number, limited: number, well: number, nowMs: number): boolean {
    if (!this.isOpen) return false;
    if (well > 0) {
      this.#openSinceMs = undefined;
      this.#recent = [];
      return true;
    }
    if (failed > 0 && this.#isProbing) {
      this.#pauseMs = Math.min(LONGEST_PROBE_MS, this.#pauseMs * 2);
      this.#nextProbeMs = nowMs + this.#pauseMs;
    }
    if (failed + limited > 0) this.#isProbing = false;
    return false;
  }
}

const times = (count: number, value: boolean): boolean[] =>
  Array.from({ length: Math.min(count, MEMORY) }, () => value);
