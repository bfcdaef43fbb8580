import * as z from 'zod';
import { mergeCounts } from '../channel/latency-histogram.ts';
import { FAILURE_KINDS } from '../channel/protocol.ts';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

/** What a line of the samples file may hold; it is read back years later, and may have been edited. */
export const sampleSchema = z.object({
  /** Milliseconds since the epoch; a sample begins where the one before it ends, or later. */
  from: count,
  to: count,
  /** Milliseconds of these in which the run worked: the time between two starts is none. */
  activeMs: amount,
  /** Customers whose records were written. */
  ok: count,
  /** Customers given up on, by kind; those that did not occur are not there. */
  failures: z.partialRecord(z.enum(FAILURE_KINDS), count),
  records: count,
  /** Requests made for the customers settled here. */
  requests: count,
  /** Attempts that ended, by what came of them. */
  outcomes: z.record(z.string().max(40), count.optional()),
  /** How long those attempts took. */
  latency: z.object({ buckets: z.array(count).max(1000), sumMs: amount, maxMs: amount }),
  /** Requests in flight, summed over the milliseconds: divided by `activeMs` it is their mean. */
  inFlightMs: amount,
  inFlightMax: count,
});

/**
 * What a run did in a span of time. All of it are sums, so that samples merge without loss but for the time.
 * Example: `{"from":1769900399000,"to":1769900400000,"activeMs":1000,"ok":400,"failures":{"timeout":1},"records":980,"requests":402,"outcomes":{"ok":400,"retry":2},"latency":{"buckets":[71,200,72,202],"sumMs":24120,"maxMs":64},"inFlightMs":24000,"inFlightMax":32}`
 */
export type Sample = z.infer<typeof sampleSchema>;

/** Two samples as one. */
export function mergeSamples(a: Sample, b: Sample): Sample {
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    activeMs: a.activeMs + b.activeMs,
    ok: a.ok + b.ok,
    failures: addCounts(a.failures, b.failures),
    records: a.records + b.records,
    requests: a.requests + b.requests,
    outcomes: addCounts(a.outcomes, b.outcomes),
    latency: mergeCounts(a.latency, b.latency),
    inFlightMs: a.inFlightMs + b.inFlightMs,
    inFlightMax: Math.max(a.inFlightMax, b.inFlightMax),
  };
}

/** Counts by name, added name by name. */
export function addCounts<Name extends string>(
  a: Readonly<Partial<Record<Name, number>>>,
  b: Readonly<Partial<Record<Name, number>>>,
): Partial<Record<Name, number>> {
  const sum: Partial<Record<Name, number>> = { ...a };
  for (const name in b) sum[name] = (sum[name] ?? 0) + (b[name] ?? 0);
  return sum;
}
