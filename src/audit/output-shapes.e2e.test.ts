import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../fixtures/fault-plan.ts';
import { customerAt } from '../../fixtures/list.ts';
import { expectedHeadOf, expectedLinesOf, type ResultFormat } from '../../fixtures/result-lines.ts';
import { runAggregate } from '../testing/aggregate-process.ts';
import { auditOf, runFolder } from '../testing/finished-run.ts';

const ROWS = 60;
/** E18: line breaks, commas, quotes, tabs, U+2028 and formulas in every customer's values. */
const HOSTILE = { rate: 0.5, seed: 1, kinds: ['hostile'] };
const unpack = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync } as const;

interface Shape {
  format: ResultFormat;
  compression: keyof typeof unpack;
}

/** The lines of all customers, each with its line break, in no order. */
const allLines = (format: ResultFormat): string[] =>
  Array.from({ length: ROWS }, (_, index) => customerAt(index))
    .flatMap((customer) => expectedLinesOf(customer, faultOf(customer, HOSTILE), format))
    .map((line) => `${line}${format === 'csv' ? '\r\n' : '\n'}`);

async function runIn({ format, compression }: Shape, rows = ROWS) {
  const run = await runFolder(rows, { faults: HOSTILE });
  const settings = { output_format: format, output_compression: compression };
  const flags = ['--output-format', format, '--output-compression', compression];
  const { exitCode, stderr } = await run.aggregate(['run'], ...flags);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const audit = () => auditOf(run, 'finished', undefined, settings);
  return { run, flags, audit, results: run.file('results') };
}

describe('results in other formats, packed or not', () => {
  it.each<Shape & { suffix: string }>([
    { format: 'csv', compression: 'gzip', suffix: '.txt.gz' },
    { format: 'tsv', compression: 'zstd', suffix: '.txt.zst' },
    { format: 'ndjson', compression: 'none', suffix: '.txt' },
  ])('E18: hold every value as it was sent, and verify finds nothing wrong: $format, $compression', async (shape) => {
    const { results, audit } = await runIn(shape);
    expect(results).toMatch(new RegExp(`\\d${shape.suffix.replaceAll('.', '\\.')}$`));
    const text = unpack[shape.compression](readFileSync(results)).toString('utf8');
    const head = expectedHeadOf(shape.format);
    expect(text.startsWith(head)).toBe(true);
    expect(text).toHaveLength(head.length + allLines(shape.format).join('').length);
    for (const line of allLines(shape.format)) expect(text).toContain(line);
    expect((await audit()).sentences).toEqual([]);
  });

  it('begin with the header where the list is empty', async () => {
    const { run, results, flags, audit } = await runIn({ format: 'csv', compression: 'none' }, 0);
    expect(readFileSync(results, 'utf8')).toBe(expectedHeadOf('csv'));
    expect((await audit()).sentences).toEqual([]);
    expect(await run.aggregate(['resume'], ...flags)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(results, 'utf8')).toBe(expectedHeadOf('csv'));
  });

  it('are found damaged where a packed byte is another', async () => {
    const { results, audit } = await runIn({ format: 'csv', compression: 'zstd' });
    const bytes = readFileSync(results);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(results, bytes);
    expect((await audit()).sentences).toEqual([expect.stringMatching(/^a file cannot be read: /)]);
  });

  it('are not gone on with, nor audited, in another format', async () => {
    const { run } = await runIn({ format: 'csv', compression: 'none' });
    const verify = await run.here(['verify'], '--output-format', 'tsv');
    expect(verify).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('output_format changed') });
  });
});

describe('results in the order of the list', () => {
  it('wait for a customer that hangs, and no more customers are asked for behind it than may be held', async () => {
    const { endpoint, list, folder, file } = await runFolder(0, { isLogging: true });
    const straggler = 'fault-hang:1';
    const customers = Array.from({ length: 1500 }, (_, index) => customerAt(index)).with(10, straggler);
    writeFileSync(list, `customer\n${customers.join('\n')}\n`);
    const ended = await runAggregate([
      ...['run', '--source-file', list, '--url', endpoint.template, '--output-directory', folder],
      ...['--output-order', 'input', '--timeout-seconds', '0.5', '--log-level', 'warn'],
      ...['--process-count', '2', '--requests-per-process', '4', '--chunk-size', '10'],
    ]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const lines = readFileSync(file('results'), 'utf8').split('\n').slice(0, -1);
    expect(lines).toEqual(customers.flatMap((customer) => expectedLinesOf(customer)));
    const asked = endpoint.log.map(({ customer }) => customer);
    const before = new Set(asked.slice(0, asked.lastIndexOf(straggler)));
    // Those before it, itself, and behind it the two chunks that each child may hold with one more.
    expect(before.size).toBeLessThanOrEqual(11 + 2 * (2 * 10 + 10));
  });
});
