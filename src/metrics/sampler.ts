import { type LatencyCounts, LatencyHistogram } from '../channel/latency-histogram.ts';
import { copyOfTally, type Tally } from '../output/tally.ts';
import { addCounts, type Sample } from './sample.ts';

/** What a run has come to at a moment. */
export interface Reading {
  /** Milliseconds since the epoch. */
  at: number;
  tally: Tally;
  /** Requests in flight just now, over all children. */
  inFlight: number;
}

/** Attempts that ended. */
export interface AttemptCounts {
  /** By what they say of the endpoint. */
  outcomes: Readonly<Partial<Record<string, number>>>;
  /** How long those took that were answered well. */
  latency: LatencyCounts;
}

/** Turns readings into samples: each is what was done since the reading before. */
export class Sampler {
  #last: Reading;
  #outcomes: Partial<Record<string, number>> = {};
  #latency = new LatencyHistogram();
  /** Requests in flight since `at`; what was before that in this sample is in `sumMs`. */
  #flight: { at: number; now: number; sumMs: number; max: number };

  constructor(first: Reading) {
    this.#last = copyOf(first);
    this.#flight = { at: first.at, now: first.inFlight, sumMs: 0, max: first.inFlight };
  }

  /** Takes note of attempts that ended since the last reading. */
  count({ outcomes, latency }: AttemptCounts): void {
    this.#outcomes = addCounts(this.#outcomes, outcomes);
    this.#latency.add(latency);
  }

  /** So many requests are in flight from now on, in milliseconds since the epoch. */
  fly(at: number, inFlight: number): void {
    const { at: since, now, sumMs, max } = this.#flight;
    const to = Math.max(since, at);
    this.#flight = { at: to, now: inFlight, sumMs: sumMs + now * (to - since), max: Math.max(max, inFlight) };
  }

  /** The sample up to this reading. A clock that was set back makes it short, not negative. */
  sample(reading: Reading): Sample {
    const last = this.#last;
    const to = Math.max(last.at, reading.at);
    const activeMs = to - last.at;
    this.fly(to, reading.inFlight);
    const sample: Sample = {
      from: last.at,
      to,
      activeMs,
      ok: reading.tally.ok - last.tally.ok,
      failures: difference(reading.tally.failures, last.tally.failures),
      records: reading.tally.records - last.tally.records,
      requests: reading.tally.requests - last.tally.requests,
      outcomes: this.#outcomes,
      latency: this.#latency.counts(),
      inFlightMs: this.#flight.sumMs,
      inFlightMax: this.#flight.max,
    };
    this.#last = copyOf({ ...reading, at: to });
    this.#flight = { ...this.#flight, sumMs: 0, max: reading.inFlight };
    this.#outcomes = {};
    this.#latency = new LatencyHistogram();
    return sample;
  }
}

/** The tally goes on counting: what it was is to be remembered. */
const copyOf = ({ at, tally, inFlight }: Reading): Reading => ({
  at,
  tally: copyOfTally(tally),
  inFlight,
});

function difference(now: Tally['failures'], then: Tally['failures']): Tally['failures'] {
  const grown: Tally['failures'] = {};
  for (const name in now) {
    const kind = name as keyof Tally['failures'];
    const more = (now[kind] ?? 0) - (then[kind] ?? 0);
    if (more > 0) grown[kind] = more;
  }
  return grown;
}
