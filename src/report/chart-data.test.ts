import { describe, expect, it } from 'vitest';
import { runView, sampleAt } from '../testing/run-view.ts';
import { chartData } from './chart-data.ts';

describe('chartData', () => {
  it('has rates by the second, percentiles, and a break where the run stood still', () => {
    const { times, charts } = chartData(runView().measured.samples);
    const series = (id: string, label: string) =>
      charts.find((chart) => chart.id === id)?.series.find((each) => each.label === label)?.values ?? [];
    expect(times).toHaveLength(31);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(series('throughput', 'customers').slice(13, 18)).toEqual([40, 43, null, 40, 40]);
    expect(series('latency', 'p50')[0]).toBeCloseTo(30.6, 1);
    expect(series('latency', 'p99')[0]).toBe(490);
    expect(series('failures', 'timeout')[0]).toBe(2);
  });

  it('leaves out what never happened', () => {
    const quiet = sampleAt(0, { failures: {}, outcomes: {}, latency: { buckets: [], sumMs: 0, maxMs: 0 } });
    expect(chartData([quiet]).charts.map(({ id }) => id)).toEqual(['throughput', 'in-flight']);
    expect(chartData([])).toEqual({ times: [], charts: [] });
  });
});
