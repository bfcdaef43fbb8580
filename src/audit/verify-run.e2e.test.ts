import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../fixtures/details.ts';
import type { FaultPlan } from '../../fixtures/fault-plan.ts';
import { customerAt } from '../../fixtures/list.ts';
import { journalLine, readJournalLine } from '../journal/journal-line.ts';
import { eachInRanges, rangesOf } from '../journal/ranges.ts';
import { runAggregate } from '../testing/aggregate-process.ts';
import { auditOf as audit, runFolder } from '../testing/finished-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const PLAN: FaultPlan = { rate: 0.2, seed: 3, kinds: ['404', '500', 'hostile', 'hostile'] };
const COUNT = 300;

type Tamper = (text: string) => string;
interface Tampering {
  title: string;
  name: string;
  tamper: Tamper;
  /** One sentence of the audit must match. */
  finds: RegExp;
}

const linesOf = (text: string): string[] => text.slice(0, -1).split('\n');
const asText = (lines: string[]): string => lines.map((line) => `${line}\n`).join('');
const onLines = (change: (lines: string[]) => string[]) => (text: string) => asText(change(linesOf(text)));
/** Changes the records of a journal, each with a checksum that is right again. */
const onRecords = (change: (record: object) => object) =>
  onLines((lines) => lines.map((line) => journalLine(change(Object(readJournalLine(line)))).trimEnd()));
/** A checkpoint without the first of its rows that are ok; any other record as it is. */
const withoutFirstRow = (record: object): object =>
  'ok' in record && record.ok !== '' && 'empty' in record
    ? { ...record, ok: withoutFirst(record.ok), empty: withoutPosition(record.empty, record.ok) }
    : record;
/** A checkpoint that counts so many more rows as ok. */
const withSums = (record: object, more: number): object => {
  if (!('totals' in record)) return record;
  const totals = Object(record.totals);
  return { ...record, totals: { ...totals, ok: Number(totals.ok) + more } };
};
const onLengths = (changes: object) =>
  onRecords((record) =>
    'lengths' in record ? { ...record, lengths: Object.assign({}, record.lengths, changes) } : record,
  );
const onJson = (changes: object) => (text: string) => JSON.stringify({ ...JSON.parse(text), ...changes });

const customerIn = (line = ''): string => line.split(', ')[0] ?? '';
/** The index of a line of a customer that has several, and no line breaks in them. */
const blockStart = (lines: string[]): number =>
  lines.findIndex((line, at) => !line.includes('"') && customerIn(line) === customerIn(lines[at + 1]));
const lonely = (lines: string[]): number =>
  lines.findIndex(
    (line, at) =>
      /^C\d+, \d+, [\d.]+, \d+$/.test(line) &&
      customerIn(line) !== customerIn(lines[at - 1]) &&
      customerIn(line) !== customerIn(lines[at + 1]),
  );
const without = (lines: string[], at: number): string[] => lines.filter((_, i) => i !== at);

const positionsIn = (ranges: unknown): number[] => {
  const positions: number[] = [];
  eachInRanges(String(ranges), (position) => positions.push(position));
  return positions;
};
const withoutFirst = (ok: unknown): string => rangesOf(positionsIn(ok).slice(1));
const withoutPosition = (empty: unknown, ok: unknown): string =>
  rangesOf(positionsIn(empty).filter((position) => position !== positionsIn(ok)[0]));

const TAMPERINGS: Tampering[] = [
  {
    title: 'the only line of a customer is taken away',
    name: 'results',
    tamper: onLines((lines) => without(lines, lonely(lines))),
    finds: /^row \d+ \(line \d+ of the list\) has records, and none in the results: "C\d+"$/,
  },
  {
    title: 'one of several lines of a customer is taken away',
    name: 'results',
    tamper: onLines((lines) => without(lines, blockStart(lines))),
    finds: /^the files have records: \d+, the journal says \d+$/,
  },
  {
    title: 'a line is doubled beside itself',
    name: 'results',
    tamper: onLines((lines) => lines.toSpliced(lonely(lines), 0, lines[lonely(lines)] ?? '')),
    finds: /^results-\S+ has \d+ bytes, the journal says \d+$/,
  },
  {
    title: 'a block is doubled elsewhere',
    name: 'results',
    tamper: onLines((lines) => [...lines, lines[lonely(lines)] ?? '']),
    finds: /^"C\d+" stands in the results 2 times apart, and has 1 rows that are ok$/,
  },
  {
    title: 'a block is torn apart by another customer',
    name: 'results',
    tamper: onLines((lines) => {
      const at = blockStart(lines);
      return [...without(lines, at), lines[at] ?? ''];
    }),
    finds: /stands in the results 2 times apart/,
  },
  {
    title: 'a line bears another customer',
    name: 'results',
    tamper: onLines((lines) => lines.with(lonely(lines), (lines[lonely(lines)] ?? '').replace(/^C/, 'D'))),
    finds: /^"D\d+" stands in the results, and no row that is ok and has records is it$/,
  },
  {
    title: 'a line is cut and runs into the next',
    name: 'results',
    tamper: (text) => {
      const lines = linesOf(text);
      const at = lonely(lines);
      return asText(lines.toSpliced(at, 2, `${(lines[at] ?? '').slice(0, 12)}${lines[at + 1]}`));
    },
    finds: /^results-\S+: line \d+ has \d values instead of 4$/,
  },
  {
    title: 'the last line has no end',
    name: 'results',
    tamper: (text) => text.slice(0, -1),
    finds: /^results-\S+: line \d+ (has no line break at its end|has a quote that is never closed)$/,
  },
  {
    title: 'a quote is lost',
    name: 'results',
    tamper: (text) => text.replace('"', ''),
    finds: /^results-\S+: line \d+ (is not values joined|has \d+ values|has a quote)/,
  },
  {
    title: 'a NUL stands in a value',
    name: 'results',
    tamper: (text) => text.replace(/^(C\d+, )\d/m, '$1\0'),
    finds: /^results-\S+: line \d+ has a NUL character$/,
  },
  {
    title: 'a failed row is taken away',
    name: 'failed',
    tamper: onLines((lines) => without(lines, 3)),
    finds: /^row \d+ \(line \d+ of the list\) failed, and is not in failed-\S+ as it was$/,
  },
  {
    title: 'a failed row is doubled',
    name: 'failed',
    tamper: onLines((lines) => [...lines, lines[2] ?? '']),
    finds: /^failed-\S+ has \d+ bytes, the journal says \d+$/,
  },
  {
    title: 'a byte of a failed row is another',
    name: 'failed',
    tamper: (text) => text.replace('Customer', 'customer'),
    finds: /^failed-\S+ has 1 times too often: /,
  },
  {
    title: 'the failed file lacks the header',
    name: 'failed',
    tamper: onLines((lines) => lines.slice(1)),
    finds: /^failed-\S+ does not begin with the header of the list$/,
  },
  {
    title: 'an exception is taken away',
    name: 'exceptions',
    tamper: onLines((lines) => lines.slice(1)),
    finds: /failed, and exceptions-\S+ does not say why$/,
  },
  {
    title: 'an exception is of another position',
    name: 'exceptions',
    tamper: (text) => text.replace(/"position":\d+/, '"position":0'),
    finds: /^exceptions-\S+ has 1 lines too many for "0 /,
  },
  {
    title: 'an exception is cut',
    name: 'exceptions',
    tamper: (text) => text.replace('"message"', ''),
    finds: /^exceptions-\S+: line 1 is not a whole exception$/,
  },
  {
    title: 'an exception is of another kind',
    name: 'exceptions',
    tamper: (text) => text.replace('"http_4xx"', '"timeout"'),
    finds: /^the files have failures of kind timeout: 1, the journal says 0$/,
  },
  {
    title: 'a sum of the summary is wrong',
    name: 'summary',
    tamper: onJson({ records: 1 }),
    finds: /^the summary says records: 1, the journal \d+$/,
  },
  {
    title: 'the summary says that nobody failed',
    name: 'summary',
    tamper: onJson({ customers: { total: COUNT, ok: COUNT, failed: 0 }, exit_code: 0 }),
    finds: /^the summary says failed: 0, the journal \d+$/,
  },
  {
    title: 'the summary is cut',
    name: 'summary',
    tamper: (text) => text.slice(0, 40),
    finds: /^summary-\S+ is damaged: it cannot be read$/,
  },
  {
    title: 'a length in the journal is wrong',
    name: 'journal',
    tamper: onLengths({ results: 7 }),
    finds: /^results-\S+ has \d+ bytes, the journal says 7$/,
  },
  {
    title: 'the journal is damaged',
    name: 'journal',
    tamper: (text) => text.replace('"started_at":"2', '"started_at":"3'),
    finds: /^the journal journal-\S+ is damaged at line 1/,
  },
  {
    title: 'the journal lacks a settled row',
    name: 'journal',
    tamper: onRecords(withoutFirstRow),
    finds: /^the journal journal-\S+ counts \d+ rows as settled where its lines settle \d+: a line is missing/,
  },
  {
    title: 'the journal lacks a settled row, and its sums, too',
    name: 'journal',
    tamper: (text) => {
      let lacking = 0;
      return onRecords((record) => {
        const less = withoutFirstRow(record);
        if (less !== record) lacking += 1;
        return withSums(less, -lacking);
      })(text);
    },
    finds: /is settled nowhere, in a run that is complete$/,
  },
  {
    title: 'the list is another one',
    name: 'customers',
    tamper: (text) => text.replace('Customer 1', 'Customer I'),
    finds: /^the list customers.csv changed: it has another content; the rows cannot be audited$/,
  },
];

describe('verifyRun', () => {
  it('finds nothing wrong with a run that is well, and every way of tampering with it', async () => {
    const run = await runFolder(COUNT, { faults: PLAN });
    expect(await run.aggregate(['run'])).toMatchObject({ exitCode: 1 });
    expect(await audit(run)).toMatchObject({ sentences: [], facts: { list: { rows: COUNT, unsettled: 0 } } });
    for (const { title, name, tamper, finds } of TAMPERINGS) {
      const path = name === 'customers' ? run.list : run.file(name);
      const before = readFileSync(path);
      const after = tamper(before.toString('utf8'));
      expect([title, after]).not.toEqual([title, before.toString('utf8')]);
      writeFileSync(path, after);
      const { sentences } = await audit(run);
      expect([title, sentences]).toEqual([title, expect.arrayContaining([expect.stringMatching(finds)])]);
      writeFileSync(path, before);
    }
    expect((await audit(run)).sentences).toEqual([]);
  }, 120_000);

  it('counts what is wrong, and tells ten of each sort', async () => {
    const run = await runFolder(COUNT);
    await run.aggregate(['run']);
    truncateSync(run.file('results'), 0);
    const { sentences } = await audit(run);
    const lost = Array.from({ length: COUNT }, (_, i) => customerAt(i)).filter((c) => detailsOf(c).length > 0);
    expect(sentences.filter((sentence) => sentence.includes('has records, and none'))).toHaveLength(10);
    expect(sentences).toContain(`and ${lost.length - 10} more like the last`);
    unlinkSync(run.file('results'));
    await expect(audit(run)).rejects.toThrow(/there is no run of these settings/);
  });

  it('takes doubled customers for what they are, side by side or apart', async () => {
    const run = await runFolder(0);
    const customers = Array.from({ length: 40 }, (_, i) => customerAt(i % 7));
    writeFileSync(run.list, `customer\n${customers.map((customer) => `${customer}\n`).join('')}`);
    expect(await run.aggregate(['run'])).toMatchObject({ exitCode: 0 });
    expect((await audit(run)).sentences).toEqual([]);
  });

  it('takes bad rows, several lines in a row, CRLF and bytes that are not UTF-8 for what they are', async () => {
    const run = await runFolder(0);
    const rows = [
      'customer,name',
      'C1,a',
      ',nobody',
      'fault-404,"two',
      'lines"',
      '"C,2",b',
      'C3,"b',
      'fault-404,x',
      '',
    ];
    writeFileSync(run.list, Buffer.concat([Buffer.from(rows.join('\r\n')), Buffer.from([0xfc, 0x2c, 0x41])]));
    expect(await run.aggregate(['run'])).toMatchObject({ exitCode: 1 });
    expect(await audit(run)).toMatchObject({ sentences: [], facts: { failed: 5 } });
  });

  it('says of an interrupted run how many rows are left, and writes them as the next list', async () => {
    // Waits for ever for some, so that it is under way for as long as it takes to look at it.
    const run = await runFolder(600, { faults: { rate: 0.1, seed: 1, kinds: ['hang'] } });
    const { process: parent, ended } = run.start(['run']);
    await expect.poll(() => run.endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(100);
    expect(await run.here(['verify'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('(running)'),
    });
    parent.kill('SIGKILL');
    await ended;
    appendFileSync(run.file('results'), 'C0000001, half a li');
    const left = join(temporaryFolder(), 'left.csv');
    const full = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh'];
    const tooLong = await runAggregate([...run.words(['verify']), '--write-unsettled', left], { wrapper: full });
    expect(tooLong).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^aggregate: cannot write \S+: EFBIG/),
    });
    expect(readdirSync(dirname(left))).toEqual([]);
    const files = () => ['results', 'journal'].map((name) => readFileSync(run.file(name)));
    const before = files();
    const { sentences, facts, written } = await audit(run, 'interrupted', left);
    expect(sentences).toEqual([]);
    expect(facts?.tailBytes).toBeGreaterThanOrEqual(19);
    expect(written).toBe(facts?.list?.unsettled);
    expect((facts?.ok ?? 0) + written).toBe(600);
    expect(files()).toEqual(before);
    const [header, ...rows] = linesOf(readFileSync(left, 'utf8'));
    const list = linesOf(readFileSync(run.list, 'utf8'));
    expect(header).toBe(list[0]);
    expect(rows).toHaveLength(written);
    expect(list.filter((row) => rows.includes(row))).toEqual(rows);
    await expect(audit(run, 'interrupted', left)).rejects.toThrow(/exists already/);
    run.endpoint.setFaults(undefined);
    await run.aggregate(['resume']);
    expect((await audit(run)).sentences).toEqual([]);
  });

  it('writes the rows that are lost from the results, too', async () => {
    const run = await runFolder(100);
    await run.aggregate(['run']);
    const lines = linesOf(readFileSync(run.file('results'), 'utf8'));
    const lost = customerIn(lines[lonely(lines)]);
    writeFileSync(run.file('results'), asText(without(lines, lonely(lines))));
    const left = join(temporaryFolder(), 'left.csv');
    const ended = await run.aggregate(['verify', '--write-unsettled', left]);
    expect(ended).toMatchObject({ exitCode: 1, stderr: '' });
    expect(ended.stdout).toContain(`wrong: row`);
    expect(linesOf(readFileSync(left, 'utf8')).slice(1)).toEqual([expect.stringMatching(`^${lost},`)]);
  });

  it('has nothing to audit where there is no run, or the settings are not those of the run', async () => {
    const run = await runFolder(10);
    expect(await run.here(['verify'])).toMatchObject({ exitCode: 2 });
    await run.aggregate(['run']);
    const other = await run.here(['verify'], '--fields', 'id');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('cannot be audited with other settings than its own: fields changed');
    rmSync(run.list);
    expect(existsSync(run.list)).toBe(false);
    expect(await run.here(['verify'])).toMatchObject({ exitCode: 1 });
  });
});
