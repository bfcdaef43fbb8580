import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILURE_KINDS } from '../channel/protocol.ts';
import { runView, sampleAt } from '../testing/run-view.ts';
import { reportPage } from './page.ts';

it('the lines of all kinds of failure differ by more than their colour', () => {
  const page = readFileSync(new URL('page/page.js', import.meta.url), 'utf8');
  const dashes: unknown[] = JSON.parse(/const DASHES = (.*);/.exec(page)?.[1] ?? '');
  expect(new Set(dashes.map((dash) => JSON.stringify(dash))).size).toBe(dashes.length);
  expect(dashes.length).toBeGreaterThanOrEqual(FAILURE_KINDS.length);
});

it('a run of nobody has nothing measured, not charts that are not there', () => {
  const idle = sampleAt(0, { ok: 0, failures: {}, outcomes: {}, inFlightMs: 0, inFlightMax: 0 });
  const latency = { buckets: [], sumMs: 0, maxMs: 0 };
  const page = reportPage(runView({ measured: { ...runView().measured, samples: [{ ...idle, latency }] } }));
  expect(page).toContain('Nothing was measured.');
  expect(page).not.toMatch(/Arrow keys|The charts need scripts/);
});
