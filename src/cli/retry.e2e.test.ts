import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultPlan, faultOf } from '../../fixtures/fault-plan.ts';
import { mix } from '../../fixtures/hash.ts';
import { customerAt, rowAt } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import type { RunState } from '../job/run-state.ts';
import { linesOf, runAggregate } from '../testing/aggregate-process.ts';
import {
  auditOf,
  type Contents,
  contentsOf,
  openRunFolder,
  type RunFolder,
  restoreContents,
  runFolder,
} from '../testing/finished-run.ts';

const PLAN: FaultPlan = { rate: 0.3, seed: 11, kinds: ['404', '500', 'reset', 'not-json'] };
const sorted = (lines: string[]): string[] => [...lines].sort();
const customers = (count: number): string[] => Array.from({ length: count }, (_, i) => customerAt(i));
const allLines = (count: number): string[] => sorted(customers(count).flatMap((customer) => expectedLinesOf(customer)));
const kindsIn = (folder: string): string[] => linesOf(folder, 'exceptions').map((line) => JSON.parse(line).kind);
const summaryOf = ({ file }: RunFolder) => JSON.parse(readFileSync(file('summary'), 'utf8'));

async function expectVerified(run: RunFolder, state?: RunState): Promise<void> {
  expect((await auditOf(run, state)).sentences).toEqual([]);
}

const COUNT = 300;
let failed: Awaited<ReturnType<typeof openRunFolder>>;
let contents: Contents;
let account: string;
beforeAll(async () => {
  failed = await openRunFolder(COUNT, { faults: PLAN });
  const ended = await failed.aggregate(['run']);
  expect(ended.exitCode).toBe(1);
  account = ended.stderr;
  contents = contentsOf(failed.folder);
});
afterAll(() => failed.close());

/** The run of which three in ten failed, as it was, and its endpoint, which is well again. */
function failedRun(): RunFolder {
  restoreContents(failed.folder, contents);
  failed.endpoint.setFaults(undefined);
  failed.endpoint.reset();
  return failed;
}

describe('aggregate retry', () => {
  it('asks for the failed customers alone, and ends with the files of a run in which nobody failed', async () => {
    const run = failedRun();
    const lost = customers(COUNT).filter((customer) => faultOf(customer, PLAN) !== undefined);
    const [, command = ''] = /^ {2}ask again for the failed ones: {2}aggregate (retry .*)$/m.exec(account) ?? [];
    expect(await runAggregate(command.replaceAll("'", '').split(' '))).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    expect(sorted([...run.endpoint.counts().keys()])).toEqual(sorted(lost));
    expect(sorted(linesOf(run.folder, 'results'))).toEqual(allLines(COUNT));
    expect(readdirSync(run.folder).filter((name) => /^(failed|exceptions)|\.new$|\.lock$/.test(name))).toEqual([]);
    expect(summaryOf(run)).toMatchObject({
      exit_code: 0,
      customers: { total: COUNT, ok: COUNT, failed: 0 },
      failures: {},
    });
    await expectVerified(run);
  });

  it('asks for those of some kinds only; the others stay in the failed file as they were', async () => {
    const run = failedRun();
    const { endpoint, folder } = run;
    const before = kindsIn(folder);
    const asked = ['http_5xx', 'network'];
    const ended = await run.aggregate(['retry', '--kind', 'http_5xx', '--kind', 'network']);
    expect(ended.exitCode).toBe(1);
    expect(endpoint.requests).toBe(before.filter((kind) => asked.includes(kind)).length);
    expect(sorted(kindsIn(folder))).toEqual(sorted(before.filter((kind) => !asked.includes(kind))));
    const kept = linesOf(folder, 'exceptions').map((line) => JSON.parse(line).position);
    expect(sorted(linesOf(folder, 'failed').slice(1))).toEqual(sorted(kept.map(rowAt)));
    await expectVerified(run);
  });

  it('puts who fails again into the failed file again, once', async () => {
    const run = failedRun();
    const before = sorted(linesOf(run.folder, 'failed'));
    run.endpoint.setFaults(PLAN);
    expect(await run.aggregate(['retry'])).toMatchObject({ exitCode: 1 });
    expect(sorted(linesOf(run.folder, 'failed'))).toEqual(before);
    await expectVerified(run);
  });

  it('goes on where a retry was interrupted, though all that are left are refused alike again', async () => {
    const run = await runFolder(12, { faults: { rate: 1, seed: 1, kinds: ['404'] } });
    expect(await run.aggregate(['run'], '--canary', '0')).toMatchObject({ exitCode: 1 });
    expect(await run.aggregate(['retry'])).toMatchObject({ exitCode: 1 });
    const journal = readFileSync(run.file('journal'), 'utf8');
    writeFileSync(run.file('journal'), /^.*?"type":"retry".*?\n/s.exec(journal)?.[0] ?? '');
    for (const name of ['failed', 'exceptions', 'summary']) rmSync(run.file(name));
    expect(await run.aggregate(['resume'])).toMatchObject({ exitCode: 1 });
    await expectVerified(run);
  });

  it('does nothing where nobody failed so, and names a kind that there is not', async () => {
    const run = failedRun();
    // A newer run that was killed before its journal began is passed over: there is nothing in it to ask again for.
    for (const name of ['journal-29991231-235959.ndjson', 'results-29991231-235959.txt']) {
      writeFileSync(`${run.folder}/${name}`, '');
    }
    const bytes = () => readdirSync(run.folder).map((name) => readFileSync(`${run.folder}/${name}`, 'utf8'));
    const before = bytes();
    const none = await run.aggregate(['retry', '--kind', 'rate_limited']);
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toMatch(/nothing to do: run .* has no failed customers of kind rate_limited/);
    expect(none.stderr).not.toContain('29991231');
    const wrong = await run.aggregate(['retry', '--kind', 'time_out', '--kind', 'http5xx']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('got "time_out"; did you mean timeout?');
    expect(wrong.stderr).toContain('got "http5xx"; did you mean http_5xx?');
    expect(bytes()).toEqual(before);
    expect(run.endpoint.requests).toBe(0);
  });

  it('refuses a run whose exceptions are gone, or tell of one row twice, in a sentence; nothing is touched', async () => {
    const run = failedRun();
    const exceptions = run.file('exceptions');
    const [first = '', , ...others] = readFileSync(exceptions, 'utf8').split('\n');
    const damages = [
      { damage: () => rmSync(exceptions), said: /exceptions-\S+ cannot be read \(ENOENT/ },
      {
        damage: () => writeFileSync(exceptions, [first, first, ...others, ''].join('\n')),
        said: /exceptions-\S+ has two lines for row \d+: see aggregate verify/,
      },
    ];
    for (const { damage, said } of damages) {
      damage();
      const before = contentsOf(run.folder);
      const { exitCode, stderr } = await run.aggregate(['retry']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(said) });
      expect(contentsOf(run.folder)).toEqual(before);
    }
  });

  it('refuses a run that was never finished', async () => {
    const run = await runFolder(400, { faults: { rate: 0.1, seed: 1, kinds: ['hang'] } });
    const { process: parent, ended } = run.start(['run']);
    await expect.poll(() => run.endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(20);
    parent.kill('SIGKILL');
    await ended;
    const refused = await run.aggregate(['retry']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/run \S+ is not finished: go on with it first \(aggregate resume \S+\)/);
  });

  for (const seed of [1, 2]) {
    it(`ends with the files that it would have had when it is killed at random and taken up again (seed ${seed})`, async () => {
      const run = failedRun();
      for (let kill = 0; kill < 3; kill += 1) {
        run.endpoint.reset();
        const random = mix(seed * 1000 + kill);
        // The first is a retry; after that, either command goes on with it.
        const { process: parent, ended } = run.start([kill === 0 || random % 2 === 0 ? 'retry' : 'resume']);
        const requests = random % 3 === 0 ? 0 : random % 60;
        const isThere = () => parent.exitCode !== null || isUnderWay(run, requests);
        await expect.poll(isThere, { timeout: 30_000, interval: 1 }).toBe(true);
        parent.kill('SIGKILL');
        await ended;
      }
      await expectVerified(run, 'interrupted');
      expect(await run.aggregate(['resume'])).toMatchObject({ exitCode: 0 });
      expect(sorted(linesOf(run.folder, 'results'))).toEqual(allLines(COUNT));
      await expectVerified(run);
    });
  }

  it('goes on from every step of its change of files, whichever of them a crash came after', async () => {
    const run = failedRun();
    const finished = contentsOf(run.folder);
    // What the files are once the journal has its record: a retry that is killed when it has begun to ask.
    run.endpoint.setFaults({ rate: 1, seed: 1, kinds: ['hang'] });
    const { process: parent, ended } = run.start(['retry', '--kind', 'http_4xx']);
    await expect.poll(() => run.endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    await ended;
    run.endpoint.setFaults(undefined);
    const entered = contentsOf(run.folder);
    for (const step of ['new files', 'no summary', 'journal', 'one renamed'] as const) {
      rewind(run.folder, finished, entered, step);
      await expectVerified(run, step === 'new files' ? 'finished' : 'interrupted');
      expect([step, (await run.aggregate(['resume'])).exitCode]).toEqual([step, 1]);
      const isEntered = step === 'journal' || step === 'one renamed';
      expect([step, kindsIn(run.folder).includes('http_4xx')]).toEqual([step, !isEntered]);
      expect(readdirSync(run.folder).filter((name) => name.endsWith('.new')).length > 0).toBe(step === 'new files');
      await expectVerified(run);
    }
  });
});

/** Whether a retry has asked for so many; with none to wait for, whether it has taken the summary away. */
const isUnderWay = ({ endpoint, folder }: RunFolder, requests: number): boolean =>
  requests === 0 ? !readdirSync(folder).some((name) => name.startsWith('summary')) : endpoint.requests >= requests;

/** Puts the files of a run to what they are after a step of the change, from those before it and those after all of it. */
function rewind(
  folder: string,
  finished: Contents,
  entered: Contents,
  step: 'new files' | 'no summary' | 'journal' | 'one renamed',
): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, bytes] of finished) {
    if (step !== 'new files' && name.startsWith('summary')) continue;
    const isChanged = /^(?:failed|exceptions)/.test(name);
    const isInPlace = step === 'one renamed' && name.startsWith('failed');
    const fresh = entered.get(name);
    if (fresh === undefined || !isChanged) writeFileSync(join(folder, name), bytes);
    else if (isInPlace) writeFileSync(join(folder, name), fresh);
    else {
      writeFileSync(join(folder, name), bytes);
      writeFileSync(join(folder, `${name}.new`), fresh);
    }
    if (name.startsWith('journal') && (step === 'journal' || step === 'one renamed')) {
      writeFileSync(join(folder, name), upToRetry(fresh));
    }
  }
}

/** A journal up to its record of the retry. */
const upToRetry = (journal: Buffer | undefined): string =>
  /^.*"type":"retry"[^\n]*\n/s.exec(String(journal))?.[0] ?? '';
