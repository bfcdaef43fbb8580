import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whoHolds } from '../journal/lock.ts';
import { linesOf, runFile } from '../testing/aggregate-process.ts';
import { jobInProcess } from '../testing/job-in-process.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const KEPT = 8;
const OTHERS = 40;

describe('resumeJob', () => {
  it('counts what it has read and not settled, beside all that was settled before', async () => {
    const folder = temporaryFolder();
    const list = join(folder, 'list.csv');
    const customers = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${name}${i}\n`).join('');
    writeFileSync(list, `customer\n${customers('kept', KEPT)}${customers('c', OTHERS)}`);
    const flags = { process_count: '1', checkpoint_seconds: '0.001' };
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
    });
  }

  it('keeps the outputs for as long as a beginning lasts that does not end when it is asked to', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const job = await jobInProcess(folder, pipe, 'settles');
    const results = [job.settings.profile_data_file];
    const run = job.run();
    await expect.poll(() => whoHolds(results)).toBeDefined();
    job.signal('SIGTERM');
    expect(await run).toMatchObject({ exitCode: 143, paths: undefined });
    expect(await whoHolds(results)).toBeDefined();
    // Now somebody writes to the pipe, and the beginning ends.
    execFileSync('sh', ['-c', `echo customer > '${pipe}'`]);
    await expect.poll(() => whoHolds(results)).toBeUndefined();
  });
});
