import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { bucketOf, LatencyHistogram } from '../channel/latency-histogram.ts';
import { VERSION } from '../config/version.ts';
import { mergeSamples, type Sample } from '../metrics/sample.ts';
import type { RunView } from '../report/run-view.ts';

/** How a run ended, once it has. */
export interface RunEnd {
  exitCode: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Bounds of the latency histogram in milliseconds, 1 ms to 65.5 s: powers of two are bounds of our own buckets, so all counts are exact. */
const BOUNDS_MS = Array.from({ length: 17 }, (_, i) => 2 ** i);

/**
 * A run's figures in Prometheus' text format: counters end in `_total`, times are in seconds, each metric says what it is.
 * No label has a value of a customer's or a server's. `lastSuccessAt` is when a run of this job last came to a good end, in
 * milliseconds since the epoch.
 */
export async function metricsText(
  view: RunView,
  end: RunEnd | undefined,
  lastSuccessAt: number | undefined,
): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number) => new Gauge({ name, help, registers }).set(value);
  const counter = (name: string, help: string, value: number) => new Counter({ name, help, registers }).inc(value);
  const counters = (
    name: string,
    help: string,
    label: string,
    values: Readonly<Record<string, number | undefined>>,
  ) => {
    const metric = new Counter({ name, help, registers, labelNames: [label] });
    for (const [key, value = 0] of Object.entries(values)) metric.inc({ [label]: key }, value);
  };
  new Gauge({
    name: 'aggregate_run_info',
    help: 'The run that these figures are about.',
    registers,
    labelNames: ['stamp', 'version'],
  }).set({ stamp: view.stamp, version: VERSION }, 1);
  gauge(
    'aggregate_run_start_timestamp_seconds',
    'When the run was first started, since the epoch.',
    view.startedAt / 1000,
  );
  if (view.expected !== null)
    gauge('aggregate_customers_expected', 'Customers in the list, estimated until its end is read.', view.expected);
  counters('aggregate_customers_settled_total', 'Customers that are done with, by result.', 'result', {
    ok: view.ok,
    failed: view.failed,
  });
  counters('aggregate_customers_failed_total', 'Customers given up on, by kind of failure.', 'kind', view.failures);
  counter('aggregate_records_total', 'Records written to the results.', view.records);
  counter('aggregate_requests_total', 'Requests made for customers that are done with.', view.requests);
  gauge('aggregate_requests_in_flight', 'Requests that wait for their answer.', view.flow?.inFlight ?? 0);
  if (view.flow !== undefined) {
    gauge('aggregate_requests_in_flight_limit', 'Requests that may be in flight just now.', view.flow.mayFly);
    gauge(
      'aggregate_held_seconds',
      'How long no request may begin yet, as the endpoint asked.',
      view.flow.heldMs / 1000,
    );
  }
  gauge('aggregate_children', 'Child processes that are there.', view.children.length);
  counter('aggregate_child_deaths_total', 'Child processes that ended before they should.', view.childDeaths);
  gauge('process_resident_memory_bytes', 'Memory of the parent process.', process.memoryUsage.rss());
  const work = workOf(view.measured.samples);
  counters('aggregate_attempts_total', 'Requests that ended, by what they say of the endpoint.', 'sign', work.outcomes);
  new LatencyMetric(LatencyHistogram.of(work.latency), registry);
  if (end !== undefined) {
    gauge('aggregate_run_end_timestamp_seconds', 'When the run ended, since the epoch.', end.at / 1000);
    gauge('aggregate_run_exit_code', 'The exit code of the run.', end.exitCode);
  }
  if (lastSuccessAt !== undefined) {
    gauge(
      'aggregate_last_success_timestamp_seconds',
      'When a run last ended with every customer in the results, since the epoch.',
      lastSuccessAt / 1000,
    );
  }
  return await registry.metrics();
}

const DURATION = 'aggregate_attempt_duration_seconds';
const DURATION_HELP = 'Time from a request to its whole answer.';

/** What was measured altogether. */
function workOf(samples: readonly Sample[]): Pick<Sample, 'outcomes' | 'latency'> {
  const nothing = { outcomes: {}, latency: { buckets: [], sumMs: 0, maxMs: 0 } };
  return samples.length === 0 ? nothing : samples.reduce(mergeSamples);
}

/** A histogram that was counted elsewhere: prom-client's own would have to see each value once more. */
class LatencyMetric extends Histogram {
  readonly #counted: LatencyHistogram;

  constructor(counted: LatencyHistogram, registry: Registry) {
    super({
      name: DURATION,
      help: DURATION_HELP,
      registers: [registry],
      buckets: BOUNDS_MS.map((ms) => ms / 1000),
    });
    this.#counted = counted;
  }

  /** What the registry asks for. */
  async getForPromString() {
    const { count, sumMs } = this.#counted;
    const buckets = BOUNDS_MS.map((ms) => ({
      labels: { le: ms / 1000 },
      value: this.#counted.countUpTo(bucketOf(ms)),
      metricName: `${DURATION}_bucket`,
    }));
    const values = [
      ...buckets,
      { labels: { le: '+Inf' }, value: count, metricName: `${DURATION}_bucket` },
      { labels: {}, value: sumMs / 1000, metricName: `${DURATION}_sum` },
      { labels: {}, value: count, metricName: `${DURATION}_count` },
    ];
    return { name: DURATION, help: DURATION_HELP, type: 'histogram', values };
  }
}
