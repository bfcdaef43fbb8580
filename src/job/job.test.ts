import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyRun } from '../audit/verify-run.ts';
import type { Settings } from '../config/schema.ts';
import { whoHolds } from '../journal/lock.ts';
import { linesOf, runFile } from '../testing/aggregate-process.ts';
import { digestsOf } from '../testing/interrupted-run.ts';
import { type JobInProcess, jobInProcess } from '../testing/job-in-process.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runFacts } from './run-facts.ts';

const KEPT = 8;
const OTHERS = 40;

describe('resumeJob', () => {
  it('counts what it has read and not settled, beside all that was settled before', async () => {
    const folder = temporaryFolder();
    const list = join(folder, 'list.csv');
    const customers = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${name}${i}\n`).join('');
    writeFileSync(list, `customer\n${customers('kept', KEPT)}${customers('c', OTHERS)}`);
    // The others do not wait for how the first are answered, which are kept.
    const flags = { process_count: '1', checkpoint_seconds: '0.001', canary: '0' };
    const first = await jobInProcess(folder, list, 'keeps-some', flags);
    const interrupted = first.run();
    await expect.poll(() => readdirSync(folder).length > 1 && linesOf(folder, 'results').length).toBe(OTHERS);
    first.signal('SIGTERM');
    expect((await interrupted).tally).toMatchObject({ ok: OTHERS, open: KEPT });

    // Too few rows at a time for the list to be read far.
    const second = await jobInProcess(folder, list, 'keeps-some', {
      ...flags,
      chunk_size: '1',
      requests_per_process: '1',
    });
    const resumed = second.resume();
    await expect.poll(() => readFileSync(runFile(folder, 'log') ?? '', 'utf8')).toContain('[Run resumed]');
    second.signal('SIGTERM');
    const { tally, isListRead } = await resumed;
    expect(isListRead).toBe(false);
    expect(tally).toMatchObject({ ok: OTHERS, open: tally.read });
  });
});

describe('a run that was brought to its end after it was found', () => {
  const scene = async () => {
    const folder = temporaryFolder();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'customer\nc1\nc2\n');
    const job = await jobInProcess(folder, list, 'settles', { process_count: '1' });
    await job.run();
    const { paths } = await job.find();
    return { job, found: { paths, summary: undefined }, digests: () => digestsOf(folder) };
  };

  it('L1, P13: is not touched by a resume, nor by a retry where nobody failed', async () => {
    const { job, found, digests } = await scene();
    const before = digests();
    for (const said of [await job.resume(found), await job.retry(found)]) {
      expect(said).toMatchObject({ exitCode: 0, paths: undefined, ending: { is: 'error' } });
      expect(said.ending).toMatchObject({ error: { message: expect.stringMatching(/^nothing to do: run \d/) } });
    }
    expect(digests()).toEqual(before);
  });

  it('is looked for by who goes on or starts anew only once nobody else has the outputs', async () => {
    const { job, found } = await scene();
    unlinkSync(found.paths.summary);
    let holder: ReturnType<typeof whoHolds> | undefined;
    const resumed = await job.resumeOrRun(() => {
      holder = whoHolds([job.settings.profile_data_file]);
    });
    expect(resumed).toMatchObject({ exitCode: 0, paths: { stamp: found.paths.stamp } });
    expect(await holder).toBeDefined();
    const anew = await job.resumeOrRun(() => expect.unreachable());
    expect(anew.exitCode).toBe(0);
    expect(anew.paths?.stamp).not.toBe(found.paths.stamp);
  });
});

/** Each command says of a spoiled run why it is one: nobody is sent to go on with it. */
async function expectTold(job: JobInProcess, why: string): Promise<void> {
  const run = await job.find();
  expect((await runFacts(run, 'interrupted', new Date())).problem).toBe(why);
  const audit = await verifyRun(job.settings, run, 'interrupted', undefined);
  expect(audit.findings.sentences).toContain(why);
  const retried = await job.retry(run);
  const said = { message: expect.stringContaining(`cannot go on: ${why}; nothing was touched, start a new run`) };
  expect(retried).toMatchObject({ exitCode: 2, ending: { error: said } });
}

describe('runJob', () => {
  for (const { edit, said } of [
    { edit: (text: string) => text.replace('c4999', 'd4999'), said: 'its content became another' },
    { edit: (text: string) => `${text}c5000\n`, said: /it had \d+ bytes, and \d+ were read/ },
  ]) {
    it(`stops with 3 where the list changed while it was read: ${said}`, async () => {
      const folder = temporaryFolder();
      const list = join(folder, 'list.csv');
      const text = `customer\n${Array.from({ length: 5000 }, (_, i) => `c${i}\n`).join('')}`;
      writeFileSync(list, text);
      const job = await jobInProcess(folder, list, 'settles');
      job.onBegun = () => writeFileSync(list, edit(text));
      const { exitCode, ending } = await job.run();
      expect(exitCode).toBe(3);
      const message = ending.is === 'error' && ending.error instanceof Error ? ending.error.message : '';
      expect(message).toMatch(said);
      expect(runFile(folder, 'summary')).toBeUndefined();
      // Nor does it help to put it back: a row of the other list may be settled in the place of one of this.
      writeFileSync(list, text);
      const before = readFileSync(runFile(folder, 'results') ?? '');
      const resumed = await job.resume();
      expect(resumed).toMatchObject({ exitCode: 2, ending: { error: { message: expect.stringMatching(said) } } });
      expect(readFileSync(runFile(folder, 'results') ?? '')).toEqual(before);
      await expectTold(job, message);
    });
  }

  it('ends as it is where a settings file was edited whose reading takes longer than the run', async () => {
    const folder = temporaryFolder();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'customer\nc1\nc2\n');
    const job = await jobInProcess(folder, list, 'settles', { process_count: '1' });
    const read = Promise.withResolvers<Settings>();
    job.settingsSource = { path: list, load: () => read.promise, onAsked: (listener) => listener() };
    job.onWorkDone = () => read.resolve({ ...job.settings, process_count: 3, log_level: 'debug' });
    expect(await job.run()).toMatchObject({ exitCode: 0, tally: { ok: 2 } });
    const log = linesOf(folder, 'log');
    expect(log.at(-1)).toMatch(/\[Total runtime: /);
    expect(log.join('\n')).not.toContain('Settings');
  });

  it('keeps the outputs for as long as a beginning lasts that does not end when it is asked to', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const job = await jobInProcess(folder, pipe, 'settles');
    const results = [job.settings.profile_data_file];
    const run = job.run();
    await expect.poll(() => whoHolds(results)).toBeDefined();
    // Nor can it be helped to an end.
    const hidden = join(folder, 'hidden');
    await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith('source-'))).toHaveLength(1);
    renameSync(pipe, hidden);
    job.signal('SIGTERM');
    expect(await run).toMatchObject({ exitCode: 143, paths: undefined });
    expect(await whoHolds(results)).toBeDefined();
    // Now somebody writes to the pipe, and the beginning ends.
    execFileSync('sh', ['-c', `echo customer > '${hidden}'`]);
    await expect.poll(() => whoHolds(results)).toBeUndefined();
  });
});
