import { VERSION } from '../config/version.ts';
import { mergeSamples, type Sample } from '../metrics/sample.ts';
import { perSecond, quantile, sumOf } from '../report/chart-data.ts';
import type { RunView } from '../report/run-view.ts';

/** So many of the newest samples are what is going on now. */
const LATELY = 10;

/** How a run is doing, for scripts: names as in the summary, times in ISO 8601, no value of a customer's or a server's. */
export function statusJson(view: RunView): string {
  const { stamp, state, startedAt, endedAt, total, ok, failed, failures, records, requests, flow, children } = view;
  const lately = view.measured.samples.slice(-LATELY);
  const status = {
    version: 1,
    program: VERSION,
    run: stamp,
    state,
    started_at: new Date(startedAt).toISOString(),
    duration_seconds: (endedAt - startedAt) / 1000,
    customers: { total, ok, failed },
    failures,
    records,
    requests,
    lately: lately.length === 0 ? null : latelyOf(lately.reduce(mergeSamples)),
    flow: flow === undefined ? null : flowOf(flow),
    child_deaths: view.childDeaths,
    children: children.map(({ inFlight, ...child }) => ({ ...child, in_flight: inFlight })),
  };
  return `${JSON.stringify(status, undefined, 2)}\n`;
}

const latelyOf = (sample: Sample) => ({
  seconds: sample.activeMs / 1000,
  customers_per_second: perSecond(sample.ok + sumOf(sample.failures), sample),
  failed: sumOf(sample.failures),
  latency_ms: {
    p50: quantile(sample.latency, 0.5),
    p90: quantile(sample.latency, 0.9),
    p99: quantile(sample.latency, 0.99),
  },
});

const flowOf = ({ inFlight, mayFly, heldMs, boundBy }: NonNullable<RunView['flow']>) => ({
  in_flight: inFlight,
  in_flight_limit: mayFly,
  held_seconds: heldMs / 1000,
  bound_by: boundBy,
});
