import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultOf } from '../../fixtures/fault-plan.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkRun } from './checker.ts';
import type { Evidence, StartEvidence } from './evidence.ts';
import { expectedAnswer } from './expected-answer.ts';
import type { Blow } from './nemesis.ts';
import { runRound } from './round.ts';
import { planRound } from './round-plan.ts';
import { fileNames } from './run-files.ts';

const KILL: Blow = { moment: { afterRequests: 60 }, to: 'parent', signal: 'SIGKILL', child: 0, stoppedMs: 0 };
const PLAN = {
  ...planRound(1),
  rows: 200,
  processCount: 2,
  requestsPerProcess: 4,
  chunkSize: 5,
  checkpointSeconds: 0.01,
  latencyMs: 2,
  faults: { rate: 0.1, seed: 1, kinds: ['404', '503:1', 'hostile', 'html'] },
  starts: [[KILL]],
  shape: { outputFormat: 'text' as const, outputOrder: 'arrival' as const, outputCompression: 'none' as const },
};

let origin: string;
let good: Evidence;

beforeAll(async () => {
  origin = mkdtempSync(join(tmpdir(), 'aggregate-test-'));
  good = (await runRound(PLAN, origin)).evidence;
});
afterAll(() => rmSync(origin, { recursive: true, force: true }));

const KILLED = [{ by: 'signal', to: 'parent', signal: 'SIGKILL' }] as const;
const NOTHING = { hasJournal: true, settled: new Set<string>(), written: new Set<string>() };

type Name = keyof ReturnType<typeof fileNames>;
const pathOf = (evidence: Evidence, name: Name): string => join(evidence.folder, fileNames(evidence.stamp)[name]);

/** What the checker says of a copy of the good run to which something was done. */
function violationsAfter(damage: (path: (name: Name) => string) => void): string {
  const folder = temporaryFolder();
  cpSync(good.folder, folder, { recursive: true });
  const copy = { ...good, folder };
  damage((name) => pathOf(copy, name));
  return checkRun(copy).violations.join('\n');
}

function edit(path: string, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  writeFileSync(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** What it says where a start went otherwise. */
const violationsWith = (change: Partial<Evidence>): string => checkRun({ ...good, ...change }).violations.join('\n');
const withStart = (index: number, change: Partial<StartEvidence>): Partial<Evidence> => ({
  starts: good.starts.map((start, i) => (i === index ? { ...start, ...change } : start)),
});

/** A customer of the list that no fault meets, with so many records. */
function customerWith(records: number): string {
  const fits = ({ customer }: { customer: string }) =>
    faultOf(customer, PLAN.faults) === undefined && expectedLinesOf(customer).length === records;
  return good.rows.find(fits)?.customer ?? expect.unreachable(`nobody has ${records} records`);
}
const isOf = (customer: string) => (line: string) => line.startsWith(`${customer}, `);

describe('checkRun', () => {
  it('finds nothing in a run that was killed and went on, and knows whom it asked for again', () => {
    const { violations, classes, again } = checkRun(good);
    expect(violations).toEqual([]);
    expect(good.starts.map(({ signal, exitCode }) => signal ?? exitCode)).toEqual(['SIGKILL', 1]);
    expect(classes).toMatchObject({ lost: 0, duplicated: 0, unexpected: 0 });
    expect(classes.ok + classes.recovered).toBe(200);
    expect(again).toEqual([classes.recovered]);
  });

  it('sees that results are not in the order of the list, where they should be', () => {
    const found = violationsWith({ shape: { ...good.shape, outputOrder: 'input' } });
    expect(found).toMatch(/^I1: results: row \d+ stands behind row \d+$/m);
  });

  it('misses a line that was deleted, of a customer with one record and of one with more', () => {
    for (const records of [1, 3]) {
      const customer = customerWith(records);
      const found = violationsAfter((path) =>
        edit(path('results'), (lines) => lines.toSpliced(lines.findIndex(isOf(customer)), 1)),
      );
      expect(found).toContain(`I1: lost: ${customer}`);
      expect(found).toContain('I10: records in the results');
    }
  });

  it('sees a line that stands twice, together or apart', () => {
    const customer = customerWith(1);
    const double = (lines: string[], at: number) => lines.toSpliced(at, 0, ...lines.filter(isOf(customer)));
    const together = violationsAfter((path) =>
      edit(path('results'), (lines) => double(lines, lines.findIndex(isOf(customer)))),
    );
    const apart = violationsAfter((path) =>
      edit(path('results'), (lines) => double(lines, lines.findIndex(isOf(customer)) < 5 ? lines.length : 0)),
    );
    for (const found of [together, apart]) expect(found).toContain(`I1: duplicated: ${customer}`);
  });

  it('sees the records of a customer that do not stand together', () => {
    const customer = customerWith(2);
    const found = violationsAfter((path) =>
      edit(path('results'), (lines) => {
        const own = lines.filter(isOf(customer));
        const others = lines.filter((line) => !isOf(customer)(line));
        return [...own.slice(0, 1), ...others, ...own.slice(1)];
      }),
    );
    expect(found).toContain(`I1: duplicated: ${customer}`);
  });

  it('sees a torn line at the end and in the middle', () => {
    const atEnd = violationsAfter((path) => truncateSync(path('results'), readFileSync(path('results')).length - 3));
    expect(atEnd).toContain('I2: results ends in the middle of a record');
    const inMiddle = violationsAfter((path) =>
      edit(path('results'), ([first = '', second = '', ...lines]) => [first.slice(0, 8) + second, ...lines]),
    );
    expect(inMiddle).toMatch(/I1: lost|I3: unexpected/);
  });

  it('sees two answers that were swapped', () => {
    const [one, other] = [customerWith(1), customerWith(2)];
    const swapped = (line: string) => {
      if (isOf(one)(line)) return line.replace(one, other);
      return isOf(other)(line) ? line.replace(other, one) : line;
    };
    const found = violationsAfter((path) => edit(path('results'), (lines) => lines.map(swapped)));
    expect(found).toContain(`I3: unexpected: ${[one, other].sort().join(' | ')}`);
  });

  it('sees a customer in both files, one in neither, and one that nobody asked for', () => {
    const customer = customerWith(1);
    const row = good.rows.find((each) => each.customer === customer)?.raw ?? '';
    expect(violationsAfter((path) => appendFileSync(path('failed'), `${row}\n`))).toContain(`duplicated: ${customer}`);
    const failed = violationsAfter((path) => edit(path('failed'), (lines) => lines.slice(0, -1)));
    expect(failed).toContain('I1: lost: ');
    const stranger = violationsAfter((path) => appendFileSync(path('results'), 'C9999999, 1, 1, 1\n'));
    expect(stranger).toContain('I3: unexpected: C9999999');
  });

  it('misses a customer without records where the journal does not know of it', () => {
    const customer = customerWith(0);
    const position = good.rows.findIndex((row) => row.customer === customer);
    const found = violationsAfter((path) =>
      edit(path('journal'), (lines) => lines.filter((line) => !settles(line, position))),
    );
    expect(found).toMatch(new RegExp(`I1: lost: .*${customer}`));
  });

  it('sees a failed file without its header, a NUL, bytes that are not UTF-8, and a false log line', () => {
    expect(violationsAfter((path) => edit(path('failed'), (lines) => lines.slice(1)))).toContain(
      'the failed file begins',
    );
    expect(violationsAfter((path) => appendFileSync(path('log'), '\0\n'))).toContain('I2: log has a NUL');
    expect(violationsAfter((path) => appendFileSync(path('log'), Buffer.of(0xff, 10)))).toContain('is not UTF-8');
    expect(violationsAfter((path) => appendFileSync(path('log'), 'hello\n'))).toContain('I2: log has a line');
  });

  it('sees a wrong sum in the summary, no summary, and an exception of somebody else', () => {
    const changed = violationsAfter((path) =>
      writeFileSync(path('summary'), readFileSync(path('summary'), 'utf8').replace('"total": 200', '"total": 199')),
    );
    expect(changed).toContain('I10: customers in the summary: 199, not 200');
    expect(violationsAfter((path) => rmSync(path('summary')))).toContain('I10: there is no summary');
    const exception = violationsAfter((path) =>
      edit(path('exceptions'), ([first = '', ...lines]) => [
        first.replace(/"position":\d+/, '"position":199'),
        ...lines,
      ]),
    );
    expect(exception).toContain('I10: the exception of row 199');
  });

  it('sees damage in the journal', () => {
    const found = violationsAfter((path) =>
      edit(path('journal'), (lines) => lines.map((line) => line.replace('4', '5'))),
    );
    expect(found).toContain('I2: journal line 1 is no record');
  });

  it('sees customers that are asked for again although they were settled', () => {
    const [settled = ''] = good.starts[0]?.after.settled ?? [];
    const requested = [...(good.starts[1]?.requested ?? []), settled];
    expect(violationsWith(withStart(1, { requested }))).toContain(`1 settled, and asked for again later: ${settled}`);
  });

  it('sees more customers in flight than the children may hold', () => {
    const requested = good.rows.map(({ customer }) => customer);
    expect(violationsWith(withStart(0, { requested, after: NOTHING }))).toMatch(
      /I4: start 1: \d+ asked for and not written, where 1\d\d /,
    );
  });

  const unwritten = (fault: string, count: number): string => {
    // Whoever has no records has no line that could be missing.
    const customers = Array.from({ length: 2 * count }, (_, i) => `fault-${fault}~${i}`);
    const requested = customers.filter((customer) => expectedAnswer(customer, good)?.length !== 0).slice(0, count);
    const found = violationsWith(withStart(0, { requested, harms: KILLED, after: NOTHING }));
    return found
      .split('\n')
      .filter((line) => line.startsWith('I4: start 1: ') && line.includes('not written'))
      .join();
  };

  it('sees too many in flight also where all of them fail, or are slow, or are asked again', () => {
    for (const fault of ['404', 'hostile-error', 'delay=20', 'null-field']) {
      expect(unwritten(fault, 120)).toBe('');
      expect(unwritten(fault, 121)).toBe('I4: start 1: 121 asked for and not written, where 120 may be in flight');
    }
    // As many again as may wait for another attempt.
    expect(unwritten('503:1', 121)).toBe('');
  });

  it('lets failures be unwritten that the endpoint may be to blame for, up to a bound', () => {
    for (const fault of ['html', '501', '401', 'garbage', 'huge']) {
      expect(unwritten(fault, 1120)).toBe('');
      expect(unwritten(fault, 1121)).toBe('I4: start 1: 1121 failures not written, where 1120 may wait');
    }
  });

  it('sees a customer that is asked for twice in one start, and again after an orderly stop', () => {
    const customer = customerWith(1);
    const twice = violationsWith(withStart(1, { requested: [customer, customer] }));
    expect(twice).toContain(`I4: start 2: ${customer} asked for 2 times, where 1 is the limit`);
    const starts = good.starts.map((start) => ({ ...start, requested: [customer] }));
    const harms = [{ by: 'signal', to: 'parent', signal: 'SIGTERM' } as const];
    const stopped = starts.map((start, i) => (i === 0 ? { ...start, harms, signal: null, exitCode: 143 } : start));
    expect(violationsWith({ starts: stopped })).toContain('1 asked for again after an orderly stop');
  });

  it('sees wrong endings, and silence about them', () => {
    expect(violationsWith(withStart(0, { harms: [] }))).toContain('I5: start 1: SIGKILL after no harm');
    expect(violationsWith(withStart(1, { exitCode: 70, stderr: '' }))).toContain('I5: start 2: exit code 70');
    expect(violationsWith(withStart(1, { stderr: '' }))).toContain('without a sentence on standard error');
    const harms = [{ by: 'error', error: 'EIO' } as const];
    const failed = withStart(0, { harms, signal: null, exitCode: 4, stderr: 'aggregate: full' });
    expect(violationsWith(failed)).toContain('without the command that goes on');
  });

  it('sees processes that are left, and a finished run that does not stay as it is', () => {
    expect(violationsWith({ processesLeft: [123] })).toContain('I6: processes left: 123');
    const repeat = { exitCode: 0, stderr: '', requests: 2, changed: ['log'] };
    const found = violationsWith({ repeat });
    for (const what of ['ends with 0', 'asks for 2', 'changes log', 'nothing to do']) expect(found).toContain(what);
  });
});

/** Whether a line of the journal is the checkpoint that settles a position. */
function settles(line: string, position: number): boolean {
  const [, ok = ''] = /"type":"checkpoint","ok":"([^"]*)"/.exec(line) ?? [];
  return ok.split(' ').some((range) => {
    const [first = -1, last = first] = range === '' ? [] : range.split('-').map(Number);
    return position >= first && position <= last;
  });
}
