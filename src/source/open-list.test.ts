import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceError, StopError } from '../errors.ts';
import type { CustomerList, ListRequest, SourceRow } from './customer-list.ts';
import { MAX_LINE_BYTES } from './line-splitter.ts';
import { openList } from './open-list.ts';

type Options = Partial<Omit<ListRequest, 'path' | 'stdin'>>;

const openBytes = (list: string | Uint8Array, options: Options = {}): Promise<CustomerList> =>
  openList({
    path: '-',
    stdin: Readable.from([Buffer.from(list)]),
    hasHeader: true,
    column: 1,
    placeholders: [],
    ...options,
  });

const readAll = async (list: CustomerList, maxRows = 1_000): Promise<SourceRow[]> => {
  const all: SourceRow[] = [];
  for (let rows = await list.next(maxRows); rows.length > 0; rows = await list.next(maxRows)) {
    expect(rows.length).toBeLessThanOrEqual(maxRows);
    for (const row of rows) all.push(row);
  }
  return all;
};
const rowsOf = async (list: string | Uint8Array, options?: Options): Promise<SourceRow[]> =>
  readAll(await openBytes(list, options));
const customersOf = async (list: string | Uint8Array, options?: Options): Promise<(string | undefined)[]> =>
  (await rowsOf(list, options)).map(({ values, problem }) => (problem === undefined ? values[0] : undefined));

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'list-'));
});
afterAll(() => rm(directory, { recursive: true }));

const openPath = (path: string): Promise<CustomerList> =>
  openList({ path, hasHeader: true, column: 1, placeholders: [] });

describe('a list that cannot be used', () => {
  it('is refused with its path where it is missing or a directory', async () => {
    const missing = join(directory, 'missing.csv');
    await expect(openPath(missing)).rejects.toThrow(new SourceError(`the list ${missing} does not exist`));
    await expect(openPath(directory)).rejects.toThrow(new SourceError(`the list ${directory} is a directory`));
  });

  it.skipIf(process.platform !== 'linux')('is refused where it opens and cannot be read', async () => {
    await expect(openPath('/proc/self/mem')).rejects.toThrow(SourceError);
    await expect(openPath('/proc/self/mem')).rejects.toThrow('the list /proc/self/mem cannot be read: EIO');
  });

  it.each(['', '\ufeff', '\n \r\n\t'])('is refused where there is nothing in it: %j', async (list) => {
    await expect(openBytes(list)).rejects.toThrow(new SourceError('the list on standard input is empty'));
    await expect(openBytes(list, { hasHeader: false })).rejects.toThrow(SourceError);
  });

  it('is refused in UTF-16, however little of it comes at once', async () => {
    await expect(openBytes(Buffer.from('\ufeffid\n1', 'utf16le'), { blockBytes: 1 })).rejects.toThrow(SourceError);
    await expect(openBytes(Buffer.from('\ufeffid\n1', 'utf16le'))).rejects.toThrow('UTF-16');
  });

  it('is refused where the wanted column is missing or twice, with the columns that it has', async () => {
    await expect(openBytes('id,x,x\n', { column: 'customer' })).rejects.toThrow('its columns are "id", "x", "x"');
    await expect(openBytes('id,x,x\n', { column: 'x' })).rejects.toThrow('has 2 columns "x" (2, 3)');
    expect(await customersOf('id,x,x\n7,a,b\n', { column: 'id' })).toEqual(['7']);
  });

  it.each(['id;name', 'id\tname'])('is refused where the columns are separated otherwise: %j', async (header) => {
    await expect(openBytes(`${header}\n`)).rejects.toThrow('where a comma is expected');
    await expect(openBytes(`${header}\n`, { column: 'id' })).rejects.toThrow('where a comma is expected');
  });

  it('is refused where its header is malformed', async () => {
    await expect(openBytes('\n"id\n1\n')).rejects.toThrow('malformed header on line 2: a quote is opened');
  });
});

describe('the header', () => {
  it('may be all there is', async () => {
    for (const list of ['id', 'id\n', 'id\r\n\r\n']) expect(await rowsOf(list)).toEqual([]);
  });

  it('is given as it was, without byte order mark and line break', async () => {
    const list = await openBytes('\ufeff\r\n"id" , Region \r\n7,EU', { column: 'id', placeholders: ['Region'] });
    expect(list).toMatchObject({ header: ['id', 'Region'], headerRaw: '"id" , Region ', eol: '\r\n' });
    expect(await readAll(list)).toEqual([{ position: 0, line: 3, raw: '7,EU', values: ['7', 'EU'] }]);
  });

  it('is followed by the first line break of the list, whatever comes later', async () => {
    for (const blockBytes of [1, 100]) {
      expect((await openBytes('\n\r\nid\r\n7\r\n', { blockBytes })).eol).toBe('\n');
      expect((await openBytes('\r\n\nid\n7\n', { blockBytes })).eol).toBe('\r\n');
    }
  });

  it('need not be UTF-8 where its names are not asked for', async () => {
    const list = await openBytes(Buffer.from('id,größe\n7,1\n', 'latin1'), { column: 'id' });
    expect(list.headerRaw).toEqual(new Uint8Array(Buffer.from('id,größe', 'latin1')));
    expect(await readAll(list)).toHaveLength(1);
  });

  it('may be missing', async () => {
    const list = await openBytes('7,EU\n8,US', { hasHeader: false, placeholders: ['1'] });
    expect(list).toMatchObject({ header: undefined, headerRaw: undefined, eol: '\n' });
    expect((await readAll(list)).map(({ position, line, values }) => [position, line, ...values])).toEqual([
      [0, 1, '7', 'EU'],
      [1, 2, '8', 'US'],
    ]);
  });
});

describe('the rows', () => {
  it.each(['\n', '\r\n', '\r', '\n\n', '\r\n \t\r\n'])('are the same with %j between them', async (lineBreak) => {
    const rows = ['id', '1', '2', '3'].join(lineBreak);
    for (const list of [rows, rows + lineBreak, `\ufeff${rows}`])
      expect(await customersOf(list)).toEqual(['1', '2', '3']);
  });

  it('are the same with line breaks of all kinds between them', async () => {
    expect(await customersOf('id\r1\n2\r\n\r3\n\n\r4')).toEqual(['1', '2', '3', '4']);
  });

  it('keep customers to the letter', async () => {
    const customers = ['007', '1e3', '0x1f', '+1', '-0', '12345678901234567890', '1.0', 'NaN', '../a', 'é', 'e\u0301'];
    expect(await customersOf(`id\n${customers.join('\n')}\n`)).toEqual(customers);
    expect(await customersOf(`id\n${customers.map((customer) => ` "${customer}"\t`).join('\n')}\n`)).toEqual(customers);
  });

  it('fail alone where they are not UTF-8', async () => {
    const list = Buffer.concat([Buffer.from('id\né\n'), Buffer.from('é\n', 'latin1'), Buffer.from('ü\n')]);
    expect(await customersOf(list)).toEqual(['é', undefined, 'ü']);
  });

  it.each([7, 49_999, 99_999])('survive a quote in row %i that never closes', async (bad) => {
    const raws = Array.from({ length: 100_000 }, (_, index) => (index === bad ? `"C${index},EU` : `C${index},"E ""U"`));
    const rows = await rowsOf(`id,region\n${raws.join('\n')}\n`);
    expect(rows.filter(({ problem }) => problem !== undefined)).toEqual([
      { position: bad, line: bad + 2, raw: `"C${bad},EU`, values: [''], problem: 'a quote is opened and never closed' },
    ]);
    expect(rows.map(({ raw }) => raw)).toEqual(raws);
  });

  it('are 100,000 without all of them being held', async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `C${index}`);
    const path = join(directory, 'long.csv');
    await writeFile(path, `id\n${rows.join('\n')}\n`);
    const list = await openPath(path);
    expect(list.bytesRead).toBeLessThanOrEqual(16_384);
    let count = 0;
    let givenBytes = 'id\n'.length;
    for (let next = await list.next(64); next.length > 0; next = await list.next(64)) {
      count += next.length;
      for (const { raw } of next) givenBytes += raw.length + 1;
      expect(list.bytesRead).toBeLessThanOrEqual(givenBytes + 2 * 16_384);
    }
    expect([count, givenBytes, list.bytesRead]).toEqual([rows.length, list.totalBytes, list.totalBytes]);
    await list.close();
  });
});

describe('a list that cannot be read to its end', () => {
  const broken = async function* () {
    yield Buffer.from('id\n1\n2\n"3\n4');
    throw new Error('the disk is gone');
  };

  it('gives the certain rows, then a StopError each time', async () => {
    const list = await openList({
      path: '-',
      stdin: Readable.from(broken()),
      hasHeader: true,
      column: 1,
      placeholders: [],
    });
    expect((await list.next(9)).map(({ values }) => values[0])).toEqual(['1', '2']);
    await expect(list.next(9)).rejects.toThrow(StopError);
    await expect(list.next(9)).rejects.toThrow('the list on standard input cannot be read: the disk is gone');
  });

  it('is refused at a line that is too long, after a bounded part of it', async () => {
    let sentBytes = 0;
    const endless = async function* () {
      yield Buffer.from('id\n1\n');
      for (const block = Buffer.alloc(65_536, 'x'); sentBytes < 1_000_000_000; sentBytes += block.length) yield block;
    };
    const list = await openList({
      path: '-',
      stdin: Readable.from(endless()),
      hasHeader: true,
      column: 1,
      placeholders: [],
    });
    expect(await list.next(9)).toHaveLength(1);
    await expect(list.next(9)).rejects.toThrow(
      new StopError(`the list on standard input has a line of more than ${MAX_LINE_BYTES} bytes: line 3`),
    );
    expect(sentBytes).toBeLessThan(4 * MAX_LINE_BYTES);
    await list.close();
  });

  it('is refused before anything is requested where that line is the first', async () => {
    await expect(openBytes('x'.repeat(MAX_LINE_BYTES + 1))).rejects.toThrow(SourceError);
  });
});

const cell = fc.oneof(
  fc.stringMatching(/^[a-z0-9é😀,";]{0,6}$/u),
  fc.constantFrom('a\nb', '"', '""', ',', 'x\r\ny', '\r', '007', '\u00a0', 'a b', ' c '),
);
/** Rows of three columns, the first of which is never empty. */
const table = fc
  .array(fc.tuple(cell, cell, cell), { maxLength: 12 })
  .map((rows) => rows.map(([a, b, c]) => [`x${a}`, b, c]));
const lineBreaks = fc.constantFrom('\n', '\r\n', '\r');
const blockSizes = fc.integer({ min: 1, max: 9 });

const written = (row: readonly string[]): string =>
  row.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
const trimmed = (row: readonly string[]): string[] => row.map((value) => value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));

describe('any list', () => {
  it('gives back the table that a CSV writer wrote', async () => {
    await fc.assert(
      fc.asyncProperty(table, lineBreaks, blockSizes, fc.boolean(), async (rows, lineBreak, blockBytes, isFinished) => {
        const lines = [['id', 'b', 'c'], ...rows].map(written);
        const text = lines.join(lineBreak) + (isFinished ? lineBreak : '');
        const list = await openBytes(text, { column: 'id', placeholders: ['b', '2'], blockBytes });
        const found = await readAll(list);
        expect(found.map(({ values, problem }) => [problem, ...values])).toEqual(
          rows.map((row) => [undefined, ...trimmed(row)]),
        );
        // Header and rows as they were give the list again.
        expect([list.headerRaw, ...found.map(({ raw }) => raw)].join(lineBreak)).toBe(lines.join(lineBreak));
      }),
    );
  });

  it('gives the same rows wherever blocks end, each as it was', async () => {
    const part = fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '"', '""', '","', ',', ' ', 'C1', 'é').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 40 }), blockSizes, async (parts, blockBytes) => {
        const list = Buffer.concat([Buffer.from('id,b\n'), ...parts]);
        const rows = await rowsOf(list);
        expect(await rowsOf(list, { blockBytes })).toEqual(rows);
        const joined = Buffer.concat(
          rows.map(({ raw }) => Buffer.from(raw instanceof Uint8Array ? raw : Buffer.from(raw))),
        );
        const withoutBreaks = (bytes: Buffer) => bytes.toString('latin1').replace(/[\r\n \t\v\f]/g, '');
        expect(withoutBreaks(joined)).toBe(withoutBreaks(list.subarray('id,b\n'.length)));
        expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index));
      }),
    );
  });
});
