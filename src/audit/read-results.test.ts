import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS, type OutputFormat } from '../channel/protocol.ts';
import { compileFields } from '../records/field.ts';
import { createFormat, headOf } from '../records/format.ts';
import { readResults } from './read-results.ts';
import { lineReaderOf } from './result-line.ts';

interface Shape {
  output_format: OutputFormat;
  fields: string[];
}

/** In blocks of a few bytes, so that lines begin and end in any of them. */
async function* blocksOf(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 7) yield Buffer.from(bytes.subarray(at, at + 7));
}

async function read(given: string | Uint8Array, shape: Shape) {
  const customers: string[] = [];
  const torn: [number, string][] = [];
  const results = { blocks: blocksOf(Buffer.from(given)), head: headOf(shape), lines: lineReaderOf(shape) };
  await readResults(results, {
    onRecord: (customer) => customers.push(customer),
    onTorn: (...found) => torn.push(found),
  });
  return { customers, torn };
}

const value = fc.oneof(
  fc.constantFrom('', '"', ', ', 'a,b', 'x\ny', '\r\n', ' "q" ', '\u2028', '""\n""', '\\t', '\t', '=cmd()'),
  fc.string(),
);

describe('readResults', () => {
  it.each(OUTPUT_FORMATS)('reads back every customer of what was written as %s', async (output_format) => {
    const shape = { output_format, fields: ['a', 'b'] };
    const format = createFormat(output_format, compileFields(shape.fields).fields);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value, value), { maxLength: 8 }), async (given) => {
        const fit = given.filter((values) => values.every((text) => !text.includes('\0')));
        const lines = fit.map(([customer, a, b]) => format([customer], [{ a, b }]));
        const all = headOf(shape) + lines.join('');
        expect(await read(all, shape)).toEqual({ customers: fit.map(([customer]) => customer), torn: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('names the line that is torn, and goes on with the next', async () => {
    const text: Shape = { output_format: 'text', fields: ['v'] };
    expect(await read('a, 1\nb\nc, 2\n', text)).toEqual({
      customers: ['a', 'c'],
      torn: [[2, 'has 1 values instead of 2']],
    });
    expect(await read('a, "1\nb, 2\nc, 3\n', text)).toEqual({
      customers: ['b', 'c'],
      torn: [[1, 'has a quote that is never closed']],
    });
    expect((await read('a, "1\nb, "x\ny"\n', text)).torn.map(([line]) => line)).toEqual([1]);
    expect((await read('a,1\n', text)).torn).toHaveLength(1);
    expect((await read('a, x"y"\n', text)).torn).toHaveLength(1);
    expect((await read('a, "x"y\n', text)).torn).toHaveLength(1);
    expect((await read('a, 1', text)).torn).toEqual([[1, 'has no line break at its end']]);
    expect((await read(Buffer.from([0x61, 0x2c, 0x20, 0xff, 0x0a]), text)).torn).toEqual([[1, 'is not UTF-8']]);
  });

  it.each([
    ['csv', 'customer,v\r\na,1\nb,2\r\n', 2],
    ['csv', 'customer,w\r\nb,2\r\n', 1],
    ['csv', 'customer,v\r\nb,2\r\na,1,2\r\n', 3],
    ['tsv', 'customer\tv\nb\t\\2\nb\t2\n', 2],
    ['tsv', 'customer\tv\nb\t2\nc\t1\r\n', 3],
    ['ndjson', '{"customer":"b","v":2}\n{"customer":"a"}\n', 2],
    ['ndjson', '{"customer":"b","v":2}\n{"customer":1,"v":1}\n', 2],
    ['ndjson', '{"customer":"b","v":2}\n{"customer":"a","v":1\n', 2],
  ] as const)('finds what is torn in %s', async (output_format, text, line) => {
    const { customers, torn } = await read(text, { output_format, fields: ['v'] });
    expect(torn.map(([number]) => number)).toEqual([line]);
    expect(customers).toEqual(['b']);
  });
});
