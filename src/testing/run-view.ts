import type { Sample } from '../metrics/sample.ts';
import type { RunView } from '../report/run-view.ts';

const START = Date.parse('2026-01-31T23:00:00Z');

/** A second of a run. */
export const sampleAt = (second: number, part: Partial<Sample> = {}): Sample => ({
  from: START + second * 1000,
  to: START + (second + 1) * 1000,
  activeMs: 1000,
  ok: 40,
  failures: second % 7 === 0 ? { timeout: 2, http_5xx: 1 } : {},
  records: 90,
  requests: 45,
  outcomes: { well: 43, overload: 2 },
  latency: { buckets: [64, 30, 80, 13, 96, 2], sumMs: 2000, maxMs: 700 },
  inFlightMs: 7500,
  inFlightMax: 8,
  ...part,
});

/** What is known of a run of half a minute that was interrupted for an hour in its middle. */
export function runView(part: Partial<RunView> = {}): RunView {
  const samples = Array.from({ length: 30 }, (_, i) => sampleAt(i < 15 ? i : i + 3600));
  return {
    stamp: '20260131-230000',
    state: 'finished',
    outcome: 'complete, 15 failed (exit code 1)',
    startedAt: START,
    endedAt: START + 3_630_000,
    total: 1215,
    expected: 1215,
    ok: 1200,
    failed: 15,
    failures: { timeout: 10, http_5xx: 5 },
    records: 2700,
    requests: 1350,
    measured: {
      samples,
      events: [
        { at: START, kind: 'started', text: '[Run started]' },
        { at: START + 3_615_000, kind: 'resumed', text: '[Run resumed] 615 settled before' },
      ],
      children: [{ pid: 4711, from: START, to: START + 15_000, ok: 600, failed: 9, end: 'finished' }],
    },
    childDeaths: 0,
    flow: undefined,
    children: [],
    groups: [
      { kind: 'timeout', status: null, message: 'no answer', count: 10, customers: ['C1', 'C2'], answer: undefined },
      { kind: 'http_5xx', status: 502, message: 'HTTP 502', count: 5, customers: ['C3'], answer: '<html>Bad Gateway' },
    ],
    settings: { process_count: '4', url: '"https://h/{0}"' },
    files: ['/o/results-20260131-230000.txt'],
    ...part,
  };
}
