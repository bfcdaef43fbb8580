import { LatencyHistogram } from '../channel/latency-histogram.ts';
import { type ResultsMessage, SIGNS, type Sign } from '../channel/protocol.ts';

/** What is counted in a second. */
interface Second {
  index: number;
  well: number;
  latencySumMs: number;
}

/** So many seconds are looked back on, and at the start of a run so few say nothing. */
const MEMORY = 60;
const ENOUGH = 5;

/** What a run has found an endpoint to be like. */
export interface FlowFindings {
  /** Requests in flight and answers a second, as they were lately. */
  inFlight: number;
  perSecond: number;
}

/** Counts of a whole run's attempts, over all children. */
export class FlowStats {
  readonly #startMs: number;
  readonly signs: Partial<Record<Sign, number>> = {};
  readonly latencies = new LatencyHistogram();
  holds = 0;
  outages = 0;
  #seconds: Second[] = [];

  constructor(nowMs: number) {
    this.#startMs = nowMs;
  }

  take({ signs, latencies }: ResultsMessage, nowMs: number): void {
    for (const sign of SIGNS) {
      const count = signs[sign];
      if (count !== undefined) this.signs[sign] = (this.signs[sign] ?? 0) + count;
    }
    this.latencies.add(latencies);
    const second = this.#second(nowMs);
    second.well += signs.well ?? 0;
    second.latencySumMs += latencies.sumMs;
  }

  /**
   * What it was like lately, by the seconds in the middle, so that a hold or the end of the list does not count: requests in
   * flight are answers a second times how long each took (Little 1961). Undefined where it was too short to say.
   */
  get findings(): FlowFindings | undefined {
    const whole = this.#seconds.slice(0, -1).sort((a, b) => a.well - b.well);
    if (whole.length < ENOUGH) return undefined;
    const middle = whole.slice(Math.floor(whole.length / 4), Math.ceil((whole.length * 3) / 4));
    const well = middle.reduce((sum, each) => sum + each.well, 0);
    const latencySumMs = middle.reduce((sum, each) => sum + each.latencySumMs, 0);
    return { inFlight: latencySumMs / 1000 / middle.length, perSecond: well / middle.length };
  }

  #second(nowMs: number): Second {
    const index = Math.floor((nowMs - this.#startMs) / 1000);
    const last = this.#seconds.at(-1);
    if (last?.index === index) return last;
    const second: Second = { index, well: 0, latencySumMs: 0 };
    this.#seconds = [...this.#seconds.slice(1 - MEMORY), second];
    return second;
  }
}
