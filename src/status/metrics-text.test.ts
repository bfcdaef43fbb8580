import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasPromtool } from '../testing/requirements.ts';
import { runView, sampleAt } from '../testing/run-view.ts';
import { metricsText } from './metrics-text.ts';

/** A metric as the text format has it: what it says of itself, then its samples by name and labels. */
interface Metric {
  type: string;
  samples: Map<string, number>;
}

const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Reads the text format (version 0.0.4) and takes nothing that it does not allow, nor what its conventions advise against. */
function readStrictly(text: string): Map<string, Metric> {
  expect(text.endsWith('\n')).toBe(true);
  const metrics = new Map<string, Metric>();
  for (const block of text.trimEnd().split('\n\n')) {
    const [help = '', type = '', ...lines] = block.split('\n');
    const [, name = ''] = /^# HELP ([a-z_]+) [A-Z][^\n]+\.$/.exec(help) ?? [];
    const [, typed = '', kind = ''] = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(type) ?? [];
    expect(name, block).toBe(typed);
    expect(metrics.has(name), name).toBe(false);
    expect(kind === 'counter', name).toBe(name.endsWith('_total'));
    const samples = new Map<string, number>();
    for (const line of lines) {
      const [, sample = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      const suffixes = kind === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      expect(
        suffixes.map((suffix) => name + suffix),
        line,
      ).toContain(sample);
      expect(samples.has(sample + labels), line).toBe(false);
      samples.set(sample + labels, Number(value));
    }
    metrics.set(name, { type: kind, samples });
  }
  return metrics;
}

const END = { exitCode: 1, at: Date.parse('2026-02-01T00:00:30Z') };

describe('metricsText', () => {
  it('keeps to the text format and to the conventions for names, and counts what the run did', async () => {
    const metrics = readStrictly(await metricsText(runView({ childDeaths: 2 }), END, 1_769_800_000_000));
    const value = (name: string, labels = '') => metrics.get(name)?.samples.get(name + labels);
    expect(value('aggregate_customers_settled_total', '{result="ok"}')).toBe(1200);
    expect(value('aggregate_customers_failed_total', '{kind="timeout"}')).toBe(10);
    expect(value('aggregate_records_total')).toBe(2700);
    expect(value('aggregate_attempts_total', '{sign="overload"}')).toBe(60);
    expect(value('aggregate_child_deaths_total')).toBe(2);
    expect(value('aggregate_run_exit_code')).toBe(1);
    expect(value('aggregate_run_end_timestamp_seconds')).toBe(END.at / 1000);
    expect(value('aggregate_last_success_timestamp_seconds')).toBe(1_769_800_000);
  });

  it('has a latency histogram whose buckets add up, with seconds as its unit', async () => {
    const metrics = readStrictly(await metricsText(runView(), undefined, undefined));
    const { samples } = metrics.get('aggregate_attempt_duration_seconds') ?? { samples: new Map<string, number>() };
    const buckets = [...samples].filter(([name]) => name.includes('_bucket')).map(([, value]) => value);
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
    expect(buckets).toHaveLength(18);
    expect(buckets.at(-1)).toBe(30 * 45);
    expect(samples.get('aggregate_attempt_duration_seconds_bucket{le="0.032"}')).toBe(30 * 30);
    expect(samples.get('aggregate_attempt_duration_seconds_count')).toBe(30 * 45);
    expect(samples.get('aggregate_attempt_duration_seconds_sum')).toBe(60);
    expect(metrics.has('aggregate_run_exit_code')).toBe(false);
  });

  it('says so where nothing was measured yet, and while a run is held', async () => {
    const nothing = runView({ measured: { samples: [], events: [], children: [] }, expected: null });
    expect(readStrictly(await metricsText(nothing, undefined, undefined)).has('aggregate_customers_expected')).toBe(
      false,
    );
    const flow = { inFlight: 0, mayFly: 12, heldMs: 2500, boundBy: 'hold' };
    const held = readStrictly(
      await metricsText(
        runView({ flow, measured: { samples: [sampleAt(0)], events: [], children: [] } }),
        undefined,
        undefined,
      ),
    );
    expect(held.get('aggregate_held_seconds')?.samples.get('aggregate_held_seconds')).toBe(2.5);
  });

  it.skipIf(!hasPromtool('the metrics, as Prometheus reads them'))('is what promtool takes', async () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await metricsText(runView(), END, END.at),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
