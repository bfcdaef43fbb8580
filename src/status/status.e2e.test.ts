import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';
import { rawGet } from '../testing/raw-get.ts';

it('a run can be looked at while it is on, and leaves its figures for the collector; no secret is in any of it', async () => {
  const { folder, endpoint, start } = await runFolder(500, {
    latencyMs: 20,
    faults: { rate: 0.1, seed: 1, kinds: ['404'] },
  });
  const file = join(folder, 'aggregate.prom');
  writeFileSync(file, 'aggregate_last_success_timestamp_seconds 1769800000\n');
  const flags = ['--status-address', '127.0.0.1:0', '--metrics-textfile', file, '--requests-per-process', '4'];
  const { ended } = start(['run'], ...flags, '--header', 'authorization: Bearer s3cret-token-of-ours');
  const address = () => /Status at (http:\S+)/.exec(linesOf(folder, 'log').join('\n'))?.[1] ?? '';
  await expect.poll(() => endpoint.requests).toBeGreaterThan(100);
  await expect.poll(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const get = async (path: string) => (await rawGet(`${address()}${path}`)).body.toString();
  const [health, metrics, status, page, written] = [
    await get('healthz'),
    await get('metrics'),
    await get('status.json'),
    await get(''),
    readFileSync(file, 'utf8'),
  ];
  expect(health).toBe('ok\n');
  expect(Number(/^aggregate_customers_settled_total\{result="ok"\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  expect(JSON.parse(status)).toMatchObject({ state: 'running' });
  expect(status).toContain('"state": "working"');
  expect(page).toContain('<p class="outcome running">under way');
  expect(written).toContain('aggregate_last_success_timestamp_seconds 1769800000\n');
  expect((await ended).exitCode).toBe(1);
  const last = readFileSync(file, 'utf8');
  const { customers } = JSON.parse(
    readFileSync(join(folder, `summary-${/run": "(.*)"/.exec(status)?.[1]}.json`), 'utf8'),
  );
  expect(last).toContain(`aggregate_customers_settled_total{result="ok"} ${customers.ok}\n`);
  expect(last).toContain(`aggregate_customers_settled_total{result="failed"} ${customers.failed}\n`);
  expect(last).toContain('aggregate_run_exit_code 1\n');
  expect(last).toContain('aggregate_last_success_timestamp_seconds 1769800000\n');
  expect(statSync(file).mode & 0o777).toBe(0o644);
  for (const text of [metrics, status, page, last]) expect(text).not.toContain('s3cret');
});
