import { LatencyHistogram } from '../channel/latency-histogram.ts';
import { FAILURE_KINDS } from '../channel/protocol.ts';
import type { Sample } from '../metrics/sample.ts';

/** Values over time, null where there is none. */
export interface Series {
  label: string;
  values: (number | null)[];
}

export interface Chart {
  id: string;
  title: string;
  unit: string;
  /** Whether its scale grows by factors. */
  isLog: boolean;
  series: Series[];
}

export interface ChartData {
  /** Seconds since the epoch. */
  times: number[];
  charts: Chart[];
}

const QUANTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
] as const;

/**
 * The samples as columns for charts that share one axis of time; where the run stood still, the lines are broken. What was
 * never measured, or never happened, is left out.
 */
export function chartData(samples: readonly Sample[]): ChartData {
  const spans = withGaps(samples);
  const column = (value: (sample: Sample) => number | null): (number | null)[] =>
    spans.map((sample) => (sample === undefined ? null : value(sample)));
  const rate = (count: (sample: Sample) => number) => column((sample) => perSecond(count(sample), sample));
  const kinds = FAILURE_KINDS.filter((kind) => samples.some(({ failures }) => failures[kind] !== undefined));
  const charts: Chart[] = [
    {
      id: 'throughput',
      title: 'Throughput',
      unit: 'a second',
      isLog: false,
      series: [
        { label: 'customers', values: rate(({ ok, failures }) => ok + sumOf(failures)) },
        { label: 'attempts', values: rate(({ outcomes }) => sumOf(outcomes)) },
      ],
    },
    {
      id: 'in-flight',
      title: 'Requests in flight',
      unit: '',
      isLog: false,
      series: [
        {
          label: 'on average',
          values: column(({ inFlightMs, activeMs }) => round(inFlightMs / Math.max(1, activeMs))),
        },
        { label: 'at most', values: column(({ inFlightMax }) => inFlightMax) },
      ],
    },
    {
      id: 'latency',
      title: 'Time to an answer',
      unit: 'ms',
      isLog: true,
      series: QUANTILES.map(([label, q]) => ({ label, values: column(({ latency }) => quantile(latency, q)) })),
    },
    {
      id: 'failures',
      title: 'Failed customers',
      unit: 'a second',
      isLog: false,
      series: kinds.map((kind) => ({ label: kind, values: rate(({ failures }) => failures[kind] ?? 0) })),
    },
  ];
  const isMeasured = ({ values }: Series) => values.some((value) => value !== null && value > 0);
  const shown = charts.map((chart) => ({ ...chart, series: chart.series.filter(isMeasured) }));
  return { times: timesOf(spans), charts: shown.filter(({ series }) => series.length > 0) };
}

/** A gap of more than this between two samples is a time in which the run stood still. */
const GAP_MS = 2000;

/** The samples, with `undefined` where the run stood still between two of them. */
function withGaps(samples: readonly Sample[]): (Sample | undefined)[] {
  return samples.flatMap((sample, i) => {
    const before = samples[i - 1];
    return before !== undefined && sample.from - before.to > GAP_MS ? [undefined, sample] : [sample];
  });
}

/** The middle of each sample; a gap stands just before the sample that ends it. */
function timesOf(spans: readonly (Sample | undefined)[]): number[] {
  return spans.map((sample, i) => {
    const next = spans[i + 1];
    return sample === undefined ? ((next?.from ?? 0) - 1) / 1000 : (sample.from + sample.to) / 2000;
  });
}

export const sumOf = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);

export const perSecond = (count: number, { activeMs }: Pick<Sample, 'activeMs'>): number | null =>
  activeMs === 0 ? null : round((count * 1000) / activeMs);

/** Milliseconds that a share of the attempts did not exceed; null where there were none. */
export function quantile(latency: Sample['latency'], q: number): number | null {
  const ms = LatencyHistogram.of(latency).quantileMs(q);
  return ms === undefined ? null : round(ms);
}

/** Three digits are enough for a chart, and make a page half as large. */
const round = (value: number): number => Number(value.toPrecision(3));
