import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAggregate } from '../testing/aggregate-process.ts';
import { commandHere } from '../testing/command-here.ts';
import { runFolder } from '../testing/finished-run.ts';

describe('aggregate runs', () => {
  it('lists the runs, the newest first, with their state, their sums and the command that goes on', async () => {
    const run = await runFolder(400, { faults: { rate: 0.1, seed: 5, kinds: ['404'] } });
    expect((await run.here(['runs'])).stdout).toBe('no runs\n');
    await run.aggregate(['run']);
    run.endpoint.setFaults({ rate: 0.02, seed: 1, kinds: ['hang'] });
    const killed = run.start(['run']);
    await expect.poll(() => run.endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(700);
    const json = async () => JSON.parse((await run.here(['runs'], '--json')).stdout);
    const [running] = await json();
    expect(running).toMatchObject({ state: 'running', next: null, customers: { total: null } });
    killed.process.kill('SIGKILL');
    await killed.ended;

    const [interrupted, finished] = await json();
    expect(interrupted).toMatchObject({ run: running.run, state: 'interrupted' });
    expect(interrupted.next).toContain(`aggregate resume ${interrupted.run} --source-file ${run.list}`);
    expect(interrupted.customers.ok).toBeGreaterThan(0);
    expect(String(interrupted.duration_seconds)).toMatch(/^\d+(?:\.\d{1,3})?$/);
    expect(finished).toMatchObject({ state: 'finished', customers: { total: 400 } });
    expect(finished.next).toContain(`aggregate retry ${finished.run} `);

    const [head, newest, , oldest] = (await run.aggregate(['runs'])).stdout.split('\n');
    expect(head).toBe(`${'STAMP'.padEnd(15)}  ${'STATE'.padEnd(11)}  CUSTOMERS   OK  FAILED  DURATION`);
    expect(newest).toMatch(new RegExp(`^${interrupted.run}  interrupted          \\? +\\d+ +\\d+  \\d+\\.\\d s$`));
    expect(oldest).toMatch(new RegExp(`^${finished.run}  finished           400 +\\d+ +\\d+  \\d+\\.\\d s$`));

    run.endpoint.setFaults(undefined);
    await run.aggregate(['resume', interrupted.run]);
    expect(await json()).toMatchObject([{ state: 'finished', next: null, customers: { ok: 400 } }, {}]);
  });
});

it('runs, verify and report look at a run from a shell that lacks its secrets; retry asks for them', async () => {
  const run = await runFolder(20);
  await run.aggregate(['run']);
  const [token, ping] = ['TOKEN', 'PING'].map((name) => `$\{${name}}`);
  const settings = {
    source_file: run.list,
    url: run.endpoint.template,
    auth: { type: 'bearer', token },
    ping_url: ping,
  };
  writeFileSync(join(run.folder, 'aggregate.config.json'), JSON.stringify(settings));
  const say = async (...words: string[]) => await commandHere(words, { cwd: run.folder });
  expect(await say('runs')).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('finished') });
  expect(await say('verify')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await say('report')).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/report-.*html/),
  });
  const refused = await say('retry');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('auth: the environment variable TOKEN is not set');
});

it('runs names the list that a run had where that is another than the one of the settings', async () => {
  const { folder, list, endpoint, file } = await runFolder(30, { faults: { rate: 1, seed: 1, kinds: ['404'] } });
  const settings = { source_file: list, url: endpoint.template, process_count: 1, canary: 0 };
  writeFileSync(join(folder, 'aggregate.config.json'), JSON.stringify(settings));
  const say = async (...words: string[]) => await runAggregate(words, { cwd: folder });
  await say('run');
  const failed = file('failed');
  await say('run', '--source-file', failed);
  const [again, first] = JSON.parse((await say('runs', '--json')).stdout);
  const config = `--config ${join(folder, 'aggregate.config.json')}`;
  expect(first.next).toBe(`aggregate retry ${first.run} ${config}`);
  expect(again.next).toBe(`aggregate retry ${again.run} ${config} --source-file ${failed}`);
  const refused = await say('retry');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(`source_file (it had ${failed}) changed`);
  endpoint.setFaults(undefined);
  expect((await say(...again.next.split(' ').slice(1))).exitCode).toBe(0);
});
