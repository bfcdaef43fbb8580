import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { customerAt } from '../../fixtures/list.ts';
import { type Ending, exitCodeFor, tellError } from '../job/exit-code.ts';
import { journalLine, readJournalLine } from '../journal/journal-line.ts';
import { readSamples } from '../metrics/samples-file.ts';
import { runPathsOf } from '../output/claim-files.ts';
import { collect } from '../report/collect.ts';
import { type Ended, runAggregate } from '../testing/aggregate-process.ts';
import { commandHere } from '../testing/command-here.ts';
import { allLines, digestsOf, type InterruptedRun, interruptedRun, resultLines } from '../testing/interrupted-run.ts';
import { jobInProcess } from '../testing/job-in-process.ts';
import { readJournalFile } from '../torture/journal-file.ts';

let run: InterruptedRun;
beforeAll(async () => {
  run = await interruptedRun();
});
beforeEach(() => run.restore());
afterAll(() => run.close());

const ONE_CHILD = ['--process-count', '1'];
const resume = (...more: string[]): Promise<Ended> => runAggregate(run.args('resume', ...ONE_CHILD, ...more));

/** The run goes on and ends with the lines that it would have had; gives what was said. */
async function expectCompletion(...more: string[]): Promise<string> {
  const { exitCode, stderr } = await resume(...more);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(resultLines(run.folder)).toEqual(allLines());
  return stderr;
}

interface Refused {
  stamp?: string;
  /** Settings that are others than the run's. */
  settings?: Record<string, unknown>;
}

/** The run is refused in a sentence, with exit code 2: nothing is asked for, and no byte of its files is another. */
async function expectRefusal(what: RegExp, { stamp, settings = {} }: Refused = {}): Promise<void> {
  const before = digestsOf(run.folder);
  run.endpoint.reset();
  // In this process: the start of a program shows nothing here, and there are many.
  const flags = { url: run.endpoint.template, ...settings };
  const job = await jobInProcess(run.folder, run.list, 'settles', flags);
  const ending: Ending = await job.find(stamp).then(
    async (known) => (await job.resume(known)).ending,
    (error: unknown) => ({ is: 'error', error }),
  );
  const said = ending.is === 'error' ? tellError(ending.error) : ending.is;
  expect({ exitCode: exitCodeFor(ending), said }).toEqual({ exitCode: 2, said: expect.stringMatching(what) });
  expect(digestsOf(run.folder)).toEqual(before);
  expect(run.endpoint.requests).toBe(0);
}

function editJournal(change: (lines: string[]) => string[]): void {
  const lines = readFileSync(run.path('journal'), 'utf8').split('\n').slice(0, -1);
  writeFileSync(
    run.path('journal'),
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** A bit of one character flipped. */
const flipped = (line: string): string => line.replace(/\d/, (digit) => String.fromCharCode(digit.charCodeAt(0) ^ 1));
const lengthOf = (name: string): number => readFileSync(run.path(name)).length;

describe('aggregate resume', () => {
  it('P1, P15: goes on where the run was killed, and asks for nobody whom the journal has settled', async () => {
    const { ok } = readJournalFile(run.path('journal'));
    expect(ok.size).toBeGreaterThan(0);
    await expectCompletion();
    expect([...ok].filter((position) => run.endpoint.countOf(customerAt(position)) > 0)).toEqual([]);
  });

  it('asks for all that are left where the first of them are refused alike: others were answered before', async () => {
    run.endpoint.setFaults({ rate: 1, seed: 1, kinds: ['404'] });
    onTestFinished(() => run.endpoint.setFaults(undefined));
    expect(await resume()).toMatchObject({ exitCode: 1 });
    expect(await commandHere(run.args('verify'))).toMatchObject({ exitCode: 0 });
  });

  it('goes on with the samples of the run, less a line that was cut; the page tells of it before and after', async () => {
    const names = { results: 'results.txt', log: 'log.txt', failed: 'failed.txt', directory: '' };
    const inFolder = Object.entries(names).map(([name, file]) => [name, join(run.folder, file)]);
    const paths = runPathsOf({ ...names, ...Object.fromEntries(inFolder) }, run.stamp);
    const { ok } = readJournalFile(paths.journal);
    const interrupted = await collect({ paths, summary: undefined }, 'interrupted');
    expect(interrupted).toMatchObject({ total: null, ok: ok.size, outcome: expect.stringContaining('not finished') });
    appendFileSync(paths.samples, '{"type":"sample","from":');
    await expectCompletion('--report');
    const { events } = await readSamples(paths.samples);
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'resumed', 'finished']);
    expect(readFileSync(paths.samples, 'utf8')).toMatch(/}\n$/);
    expect(readFileSync(paths.report, 'utf8')).toContain(`[Run resumed] ${ok.size} settled before`);
  });

  it('passes over a newer run that was killed before its journal began', async () => {
    for (const name of ['journal-29991231-235959.ndjson', 'results-29991231-235959.txt']) {
      writeFileSync(join(run.folder, name), '');
    }
    const { exitCode, stderr } = await resume();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('29991231') });
    const audit = await commandHere(run.args('verify'));
    expect(audit).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(run.stamp) });
    await expectRefusal(/journal-29991231-235959.ndjson is empty/, { stamp: '29991231-235959' });
  });

  it('P8: drops a journal line that was cut, zeros and junk after the last whole line, and says how many bytes', async () => {
    const damages: [() => void, RegExp][] = [
      [
        () => truncateSync(run.path('journal'), lengthOf('journal') - 9),
        /: \d+ bytes after its last whole line dropped/,
      ],
      [() => appendFileSync(run.path('journal'), Buffer.alloc(512)), /: 512 bytes after its last whole line dropped/],
      [
        () => appendFileSync(run.path('journal'), 'junk\n{"type":"end"'),
        /: 18 bytes after its last whole line dropped/,
      ],
      [
        () => editJournal((lines) => lines.with(-1, flipped(lines.at(-1) ?? ''))),
        /: \d+ bytes after its last whole line/,
      ],
    ];
    for (const [damage, said] of damages) {
      damage();
      expect(await expectCompletion()).toMatch(said);
      run.restore();
    }
  });

  it('P8: refuses a journal with a bit flipped before its end, naming the line, and one that lacks a line', async () => {
    editJournal((lines) => lines.with(2, flipped(lines[2] ?? '')));
    await expectRefusal(/journal .* is damaged at line 3/);
    run.restore();
    editJournal((lines) => lines.toSpliced(1, 1));
    await expectRefusal(/journal .* counts \d+ rows as settled where its lines settle \d+: a line is missing/);
  });

  it('P8, P9: refuses a journal whose first line is damaged, one that is empty, and one that is gone', async () => {
    editJournal((lines) => lines.with(0, flipped(lines[0] ?? '')));
    await expectRefusal(/journal .* is damaged at line 1/);
    truncateSync(run.path('journal'), 0);
    await expectRefusal(/journal .* is empty/);
    rmSync(run.path('journal'));
    await expectRefusal(/there is no run/);
    await expectRefusal(/there is no run \d{8}-\d{6}/, { stamp: run.stamp });
  });

  it('P9: refuses a journal of a newer version, naming both', async () => {
    editJournal(([first = '', ...lines]) => {
      const record = readJournalLine(first);
      const newer = typeof record === 'object' && record !== null ? { ...record, version: 99 } : {};
      return [journalLine(newer).trimEnd(), ...lines];
    });
    await expectRefusal(/newer program \(version 99, this program knows \d+\)/);
  });

  it('P10: refuses results that are shorter than the journal says, with file, actual and expected bytes', async () => {
    truncateSync(run.path('results'), 10);
    await expectRefusal(/results-\S+ has 10 bytes, the journal says \d+/);
    rmSync(run.path('results'));
    await expectRefusal(/results|no run/);
  });

  it('P10: says that the results are gone where the journal alone is left, with the stamp and without', async () => {
    rmSync(run.path('results'));
    const said = /journal-\S+ is there, but \S*results-\S+ is not/;
    await expectRefusal(said);
    await expectRefusal(said, { stamp: run.stamp });
  });

  it('P11: cuts results that are longer than the journal says back to it, and says so', async () => {
    appendFileSync(run.path('results'), 'C0000001, 4122');
    const { length } = readFileSync(run.path('results'));
    expect(await expectCompletion()).toMatch(new RegExp(`results-\\S+: cut back from ${length} to \\d+ bytes`));
  });

  it('P12, F13: refuses a list that has grown, and one of the same length that is another', async () => {
    const list = readFileSync(run.list);
    appendFileSync(run.list, 'C9999999,new,north\n');
    await expectRefusal(new RegExp(`the list .* changed \\(it has ${list.length + 19} bytes now, ${list.length} then`));
    writeFileSync(run.list, list.toString().replace('Customer 299', 'Customer 300'));
    await expectRefusal(/the list .* changed \(its content is another\)/);
    rmSync(run.list);
    await expectRefusal(/list\.csv/);
  });

  it('P12: refuses other settings that shape the output, naming them', async () => {
    const before = digestsOf(run.folder);
    const at = run.args('resume').indexOf('--url') + 1;
    const { exitCode, stderr } = await runAggregate(run.args('resume').with(at, `${run.endpoint.template}?x=1`));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/other settings: url changed.*\n.*start a new one: {2}aggregate run /),
    });
    expect(digestsOf(run.folder)).toEqual(before);
    await expectRefusal(/other settings: fields, records changed/, { settings: { fields: ['id'], records: 'other' } });
  });

  it('P12: goes on with other settings that only say how fast', async () => {
    // Beside another number of processes than the two that it began with.
    await expectCompletion('--max-attempts', '5', '--log-level', 'warn', '--timeout-seconds', '9');
  });

  it('P13: does nothing when the run is finished: same exit code, no request, no byte changed', async () => {
    await expectCompletion();
    const before = digestsOf(run.folder);
    run.endpoint.reset();
    for (const stamp of [[], [run.stamp]]) {
      const { exitCode, stderr } = await resume(...stamp);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    }
    expect(digestsOf(run.folder)).toEqual(before);
    expect(run.endpoint.requests).toBe(0);
  });
});

describe('aggregate resume of a list from standard input', () => {
  it('F15: goes on from the copy that was made of it', async () => {
    const text = readFileSync(run.list, 'utf8');
    const spooled = await interruptedRun({ source: '-', options: { stdin: text } });
    try {
      expect(existsSync(spooled.path('source'))).toBe(true);
      const { exitCode, stderr } = await runAggregate(spooled.args('resume'));
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(resultLines(spooled.folder)).toEqual(allLines());
    } finally {
      await spooled.close();
    }
  });
});
