import { type CubicCurve, cubicLevel } from './cubic.ts';

/** After a break it begins again just below what the endpoint is known to give. */
const BELOW = 0.95;
/** While it searches for the limit it grows boldly, and more carefully each time it finds it where it was. */
const BOLD_MS = 8_000;
const CAREFUL_MS = 40_000;
/** Two estimates so close are the same limit. */
const SAME = 0.15;
/** So far above its peak without a break, the limit is not there any more: it searches again. */
const OUTGROWN = 1.1;
/** What is counted in the last so many milliseconds is the present rate, where there was no break yet. */
const RECENT_MS = 1000;
const SLICE_MS = 100;
/** What was answered since a break longer ago than this says nothing of the limit. */
const MEMORY_MS = 60_000;
/** A rate this far above what is asked anyway limits nothing. */
const OUT_OF_SIGHT = 4;
/** Below this, a limit of so many requests a second is taken for a single unlucky answer. */
const LOWEST = 0.5;

/**
 * The rate that an endpoint can take which says `limited` above it: a hidden token bucket or window. After each break it
 * goes on just below what was answered between the last two of them (an endpoint that was at its limit both times gave
 * exactly that), and grows back by CUBIC. The idea of limiting the rate by such answers is that of the adaptive retry mode
 * of the AWS SDKs. Before the first limited answer there is no limit. Times are milliseconds, rates a second.
 */
export class RateControl {
  #curve: CubicCurve | undefined;
  /** What the last break replaced; undefined where it cannot be taken back. */
  #replaced: { curve: CubicCurve | undefined } | undefined;
  #brokeAtMs: number | undefined;
  /** Answers since the last break, and those of them that came when requests went on. */
  #answered = 0;
  #answeredAfterHold = 0;
  #recent: { sinceMs: number; count: number }[] = [];
  readonly #startMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** True while there is a limit, which changes with time. */
  get isGrowing(): boolean {
    return this.#curve !== undefined;
  }

  /** Requests a second that may be made now; infinite where nothing is known of a limit. */
  perSecond(nowMs: number): number {
    if (this.#curve === undefined) return Number.POSITIVE_INFINITY;
    const level = cubicLevel(this.#curve, nowMs);
    if (level < this.#curve.peak * OUTGROWN) return level;
    const present = this.#ratePresent(nowMs);
    if (present > 0 && level > OUT_OF_SIGHT * present && nowMs - this.#curve.sinceMs > RECENT_MS) {
      this.#curve = undefined;
      return Number.POSITIVE_INFINITY;
    }
    this.#curve = { peak: level, start: level, sinceMs: nowMs, growthMs: BOLD_MS };
    return level;
  }

  /** Takes answers that were none of these. */
  answered(count: number, nowMs: number): void {
    this.#answered += count;
    if (nowMs > (this.#curve?.sinceMs ?? 0)) this.#answeredAfterHold += count;
    const last = this.#recent.at(-1);
    if (last !== undefined && nowMs - last.sinceMs < SLICE_MS) last.count += count;
    else this.#recent.push({ sinceMs: nowMs, count });
    while ((this.#recent[0]?.sinceMs ?? nowMs) <= nowMs - RECENT_MS) this.#recent.shift();
  }

  /** Takes a limited answer, the first of its hold; requests go on at `resumeMs`. */
  broke(nowMs: number, resumeMs: number): void {
    // Nobody was answered since requests went on: it was no rate that was too high, and nothing is learnt of one.
    if (this.#curve !== undefined && this.#answeredAfterHold === 0) {
      this.#curve = { ...this.#curve, sinceMs: resumeMs };
      return;
    }
    const peak = Math.max(LOWEST, this.#estimate(nowMs));
    const before = this.#curve;
    const isSame = before !== undefined && Math.abs(peak - before.peak) < SAME * before.peak;
    const growthMs = isSame ? Math.min(CAREFUL_MS, before.growthMs * 1.5) : BOLD_MS;
    this.#replaced = { curve: before };
    this.#curve = { peak, start: BELOW * peak, sinceMs: resumeMs, growthMs };
    this.#brokeAtMs = nowMs;
    this.#answered = 0;
    this.#answeredAfterHold = 0;
  }

  /** The last break was none, but a single customer's own: goes on as before it. */
  acquit(): void {
    if (this.#replaced === undefined) return;
    this.#curve = this.#replaced.curve;
    this.#replaced = undefined;
    this.#brokeAtMs = undefined;
  }

  #estimate(nowMs: number): number {
    const sinceMs = this.#brokeAtMs;
    if (sinceMs === undefined || nowMs - sinceMs > MEMORY_MS) return this.#ratePresent(nowMs);
    return (this.#answered * 1000) / Math.max(1, nowMs - sinceMs);
  }

  #ratePresent(nowMs: number): number {
    const recent = this.#recent.filter(({ sinceMs }) => sinceMs > nowMs - RECENT_MS);
    const count = recent.reduce((sum, slice) => sum + slice.count, 0);
    return (count * 1000) / Math.min(RECENT_MS, Math.max(SLICE_MS, nowMs - this.#startMs));
  }
}
