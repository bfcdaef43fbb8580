import type { LatencyCounts } from '../channel/latency-histogram.ts';
import { type CubicCurve, cubicLevel } from './cubic.ts';
import { FlightWindow, type WindowFacts } from './flight-window.ts';

/** In flight at the start, where the bounds allow so many: enough to learn from, too few to hurt. */
const FIRST = 10;
/** A break by overload takes away so much at least. */
const BELOW = 0.8;
/** After a break by latency it goes on with no less than this share. */
const LEAST_LEFT = 0.5;
/** Latencies may be so much above the lowest known ones, and this longer: below that it is noise of the machines. */
const LATENCY_FACTOR = 1.5;
const LATENCY_SLACK_MS = 20;
/** A child that is late sees answers late, more than once on their way. */
const LAGS = 3;
/** After this it forgets how quick the endpoint once was. */
const MEMORY_MS = 120_000;
/** Overload answers beyond this share, and beyond twice what does not depend on the requests in flight, are too many. */
const TOO_MANY = 0.01;
/** So many breaks in a row that bring no relief say that something else is to blame. */
const VAIN_BREAKS = 3;
const BOLD_MS = 8_000;
const CAREFUL_MS = 40_000;
/** Two levels so close are the same limit. */
const SAME = 0.15;

/** What a moment's attempts came to. */
export interface FlightResults {
  well: number;
  /** Attempts that say that the endpoint cannot keep up: 503, no answer in time. */
  overload: number;
  latencies: LatencyCounts;
  /** How late the child itself was, which tells of it. */
  lagMs: number;
}

/** What was broken, how, and what it is judged by once it has settled. */
interface Break {
  by: 'overload' | 'latency';
  level: number;
  facts: WindowFacts;
}

/**
 * How many requests are in flight, over all children together: doubled each round trip at first (slow start), until answers
 * become slow or the endpoint says that it cannot keep up; then just below where that happened, growing back by CUBIC:
 * long about there, seldom beyond. That latency grows with what is in flight is known as in TCP Vegas (Brakmo and Peterson
 * 1995) and Netflix' gradient limits, by a comparison with the lowest latencies seen; that it stays high after a break says
 * that it is not ours, and then that is the new measure. No break by latency goes below the product of the highest rate and
 * the lowest latency (as in BBR, Cardwell and others 2016). Times are milliseconds.
 */
export class FlightControl {
  #max: number;
  #level: number;
  /** Undefined while it doubles, and where it has come to its bounds. */
  #curve: CubicCurve | undefined;
  #isStarting = true;
  #window: FlightWindow;
  /** The lowest typical latency of a window, and when that was. */
  #quickest: { ms: number; atMs: number } | undefined;
  /** The most answers a second of a window, and when that was. */
  #most: { perSecond: number; atMs: number } | undefined;
  /** The share of overload answers that does not depend on how many are in flight. */
  #background = 0;
  #isSlowBefore = false;
  #broken: Break | undefined;
  #vain = 0;
  #lastBreak = 0;
  #growthMs = BOLD_MS;

  /** `max` bounds it. */
  constructor(max: number, nowMs: number) {
    this.#max = max;
    this.#level = Math.min(FIRST, max);
    this.#window = new FlightWindow(nowMs);
  }

  /** Requests that may be in flight now, a whole number from 1. */
  inFlight(nowMs: number): number {
    if (this.#curve !== undefined) {
      this.#level = cubicLevel(this.#curve, nowMs);
      if (this.#level >= this.#max) this.#curve = undefined;
    }
    this.#level = Math.min(this.#max, Math.max(1, this.#level));
    return Math.floor(this.#level + 1e-9);
  }

  /** Bounds it anew: where that is more, it grows there as if it began. */
  set max(max: number) {
    if (max > this.#max && this.#level >= this.#max) this.#isStarting = true;
    this.#max = max;
  }

  /** True while it doubles. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  /** True while it changes with time alone. */
  get isGrowing(): boolean {
    return this.#curve !== undefined;
  }

  /** Begins anew from few, as after an outage. */
  restart(nowMs: number): void {
    this.#level = Math.min(FIRST, this.#max);
    this.#isStarting = true;
    this.#curve = undefined;
    this.#broken = undefined;
    this.#window = new FlightWindow(nowMs);
  }

  take(results: FlightResults, nowMs: number): void {
    this.inFlight(nowMs);
    const facts = this.#window.take(results, nowMs, this.#isStarting ? this.#level / 2 : this.#level);
    if (this.#isStarting) this.#level += results.well;
    if (facts === undefined) return;
    this.#window = new FlightWindow(nowMs);
    this.#judge(facts, nowMs);
  }

  #judge(facts: WindowFacts, nowMs: number): void {
    const most = this.#most;
    if (most === undefined || facts.wellPerSecond > most.perSecond || nowMs - most.atMs > MEMORY_MS) {
      this.#most = { perSecond: facts.wellPerSecond, atMs: nowMs };
    }
    if (this.#isOverloaded(facts)) this.#takeOverload(facts, nowMs);
    else if (this.#isSlow(facts, nowMs)) this.#takeSlowness(facts, nowMs);
    else {
      this.#broken = undefined;
      this.#vain = 0;
      if (this.#level >= this.#max) this.#isStarting = false;
    }
  }

  #isOverloaded({ overload, share }: WindowFacts): boolean {
    return overload >= 2 && share > TOO_MANY + 2 * this.#background;
  }

  #takeOverload(facts: WindowFacts, nowMs: number): void {
    this.#vain = this.#broken?.by === 'overload' && facts.share > this.#broken.facts.share / 2 ? this.#vain + 1 : 0;
    const first = this.#vain === 0 ? undefined : this.#broken;
    if (first !== undefined && this.#vain >= VAIN_BREAKS) {
      this.#background = facts.share;
      this.#goBack(first.level, nowMs);
      return;
    }
    // What was served at a time (Little 1961): the answers a second times how long they took.
    const served = (facts.wellPerSecond * (facts.typicalMs ?? 0)) / 1000;
    this.#break({ by: 'overload', level: first?.level ?? this.#level, facts: first?.facts ?? facts }, nowMs);
    this.#curveFrom(Math.min(BELOW * this.#level, Math.max(1, served)), nowMs);
  }

  /** One slow window is nothing on a busy machine; while it doubles there is no time for a second look. */
  #isSlow({ typicalMs, lagMs }: WindowFacts, nowMs: number): boolean {
    if (typicalMs === undefined) return false;
    const known = this.#quickest;
    if (known === undefined || typicalMs < known.ms || nowMs - known.atMs > MEMORY_MS) {
      this.#quickest = { ms: typicalMs, atMs: nowMs };
      return false;
    }
    const isSlow = typicalMs > this.#toleratedMs(known.ms) + LAGS * lagMs;
    const isSlowTwice = isSlow && this.#isSlowBefore;
    this.#isSlowBefore = isSlow;
    return isSlowTwice || (isSlow && this.#isStarting);
  }

  #toleratedMs(quickestMs: number): number {
    return LATENCY_FACTOR * quickestMs + LATENCY_SLACK_MS;
  }

  #takeSlowness(facts: WindowFacts, nowMs: number): void {
    const typicalMs = facts.typicalMs ?? 0;
    const before = this.#broken;
    if (before?.by === 'latency' && typicalMs > 0.9 * (before.facts.typicalMs ?? 0)) {
      this.#quickest = { ms: typicalMs, atMs: nowMs };
      this.#goBack(before.level, nowMs);
      return;
    }
    const left = this.#toleratedMs(this.#quickest?.ms ?? typicalMs) / typicalMs;
    this.#break({ by: 'latency', level: this.#level, facts }, nowMs);
    // No fewer than the endpoint answers at its best, each as quickly as it can: as many as that it certainly works at.
    const needed = ((this.#most?.perSecond ?? 0) * (this.#quickest?.ms ?? 0)) / 1000;
    this.#curveFrom(Math.min(this.#level, Math.max(needed, this.#level * Math.max(LEAST_LEFT, left))), nowMs);
  }

  /** Fewer were no better: as it was. */
  #goBack(level: number, nowMs: number): void {
    this.#broken = undefined;
    this.#vain = 0;
    this.#level = Math.min(this.#max, level);
    this.#curve = { peak: this.#level, start: this.#level, sinceMs: nowMs, growthMs: BOLD_MS };
  }

  #break(broken: Break, nowMs: number): void {
    const isSame = Math.abs(this.#level - this.#lastBreak) < SAME * this.#lastBreak;
    this.#growthMs = isSame ? Math.min(CAREFUL_MS, this.#growthMs * 1.5) : BOLD_MS;
    this.#lastBreak = this.#level;
    this.#broken = broken;
    this.#isStarting = false;
    this.#isSlowBefore = false;
    // What is in flight already was sent at the old level: its answers are the same event.
    this.#window = new FlightWindow(nowMs, nowMs + 2 * (broken.facts.typicalMs ?? 0));
  }

  #curveFrom(start: number, nowMs: number): void {
    const level = Math.max(1, start);
    this.#curve = { peak: Math.max(level, level / 0.95), start: level, sinceMs: nowMs, growthMs: this.#growthMs };
    this.#level = level;
  }
}
