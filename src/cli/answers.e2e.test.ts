import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectedPagedLinesOf } from '../../fixtures/pages.ts';
import { linesOf, runAggregate, startAggregate } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';
import { readJournalFile } from '../torture/journal-file.ts';

it('an answer that says stop ends the run with 3 and says which; with another rule the run goes on to its end', async () => {
  const run = await runFolder(300, { latencyMs: 2, faults: { rate: 0.02, seed: 3, kinds: ['403'] } });
  const rule = (as: string) => ['--outcomes', JSON.stringify([{ status: 403, as }])];
  const stopped = await run.aggregate(['run'], ...rule('stop'));
  const reason = /^aggregate: the answer for customer (\w+) ends the run: HTTP 403 Forbidden \(stop: 403\), ".*": \d/m;
  expect(stopped).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(reason) });
  expect(stopped.stderr).toMatch(/^ {2}go on: {2}aggregate resume/m);
  const customer = reason.exec(stopped.stderr)?.[1] ?? '';
  expect(
    linesOf(run.folder, 'log').some((line) => line.includes(`[Run stopped] the answer for customer ${customer}`)),
  ).toBe(true);
  expect(linesOf(run.folder, 'failed')).toEqual([]);
  const asked = new Map(run.endpoint.counts());
  expect(asked.size).toBeLessThan(300);
  expect(await run.aggregate(['resume'], ...rule('empty'))).toMatchObject({ exitCode: 0 });
  expect(run.endpoint.counts().size).toBe(300);
  expect(run.endpoint.countOf(customer)).toBe((asked.get(customer) ?? 0) + 1);
});

it('pages of a customer are settled together or not at all, whenever the run is killed; one that fails on page 3 fails', async () => {
  const { folder, endpoint, file } = await runFolder(0, { latencyMs: 3 });
  const customers = Array.from({ length: 120 }, (_, at) => (at % 20 === 7 ? `fault-500~${at}` : `C${at}`));
  const list = join(folder, 'paged.csv');
  writeFileSync(list, ['customer', ...customers, ''].join('\n'));
  const settings = {
    source_file: list,
    url: `${endpoint.template}?pages=next_link:10&fault_page=3`,
    pagination: { type: 'next_link', path: 'next' },
    output_directory: folder,
    output_order: 'input',
    process_count: 2,
    requests_per_process: 4,
    max_attempts: 1,
    checkpoint_seconds: 0.01,
    chunk_size: 5,
  };
  const config = join(folder, 'aggregate.config.json');
  writeFileSync(config, JSON.stringify(settings));
  const started = startAggregate(['run', '--config', config], { isDetached: true });
  const checkpoints = () => readFileSync(file('journal'), 'utf8').split('"type":"checkpoint"').length - 1;
  await expect.poll(checkpoints, { interval: 2 }).toBeGreaterThan(2);
  process.kill(-(started.process.pid ?? 0), 'SIGKILL');
  expect(await started.ended).toMatchObject({ signal: 'SIGKILL' });
  const { ok, failed } = readJournalFile(file('journal'));
  expect(ok.size).toBeGreaterThan(0);
  endpoint.reset();
  expect(await runAggregate(['resume', '--config', config])).toMatchObject({ exitCode: 1 });
  expect([...ok, ...failed].filter((position) => endpoint.countOf(customers[position] ?? '') > 0)).toEqual([]);
  expect(endpoint.strays).toEqual([]);
  const good = customers.filter((customer) => customer.startsWith('C'));
  expect(linesOf(folder, 'results')).toEqual(good.flatMap((customer) => expectedPagedLinesOf(customer, 10)));
  expect(linesOf(folder, 'failed').slice(1)).toEqual(customers.filter((customer) => !customer.startsWith('C')));
  const reasons = linesOf(folder, 'exceptions').map((line): unknown => JSON.parse(line).message);
  expect(new Set(reasons)).toEqual(new Set(['page 3: HTTP 500 Internal Server Error']));
});
