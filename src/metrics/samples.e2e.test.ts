import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFolder } from '../testing/finished-run.ts';
import { mergeSamples } from './sample.ts';
import { readSamples } from './samples-file.ts';

it('leaves samples whose sums are those of the summary, and a word on each child', async () => {
  const { aggregate, file } = await runFolder(400, { latencyMs: 5, faults: { rate: 0.1, seed: 1, kinds: ['404'] } });
  expect((await aggregate(['run'])).exitCode).toBe(1);
  const { samples, events, children } = await readSamples(file('samples'));
  const sums = samples.reduce(mergeSamples);
  const summary: unknown = JSON.parse(readFileSync(file('summary'), 'utf8'));
  expect(summary).toMatchObject({
    customers: { ok: sums.ok, failed: sums.failures.http_4xx },
    failures: sums.failures,
    records: sums.records,
    requests: sums.requests,
  });
  expect(sums.outcomes.well).toBeGreaterThanOrEqual(sums.ok);
  expect(sums.latency.maxMs).toBeGreaterThan(4);
  expect(sums.inFlightMax).toBeGreaterThan(0);
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'finished']);
  expect(new Set(children.filter(({ ok }) => ok > 0).map(({ end }) => end))).toEqual(new Set(['finished']));
  expect(children.reduce((sum, { ok }) => sum + ok, 0)).toBe(sums.ok);
});
