import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from '../records/format.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readResults } from './read-results.ts';

async function read(bytes: string | Uint8Array, values: number) {
  const path = join(temporaryFolder(), 'results');
  writeFileSync(path, bytes);
  const customers: string[] = [];
  const torn: [number, string][] = [];
  await readResults(path, Buffer.from(bytes).length, values, {
    onRecord: (customer) => customers.push(customer),
    onTorn: (...found) => torn.push(found),
  });
  return { customers, torn };
}

const FIELDS = ['a', 'b'].map((path) => ({ name: path, path, get: (record: object) => Reflect.get(record, path) }));
const value = fc.oneof(fc.constantFrom('', '"', ', ', 'a,b', 'x\ny', '\r\n', ' "q" ', '\u2028', '""\n""'), fc.string());

describe('readResults', () => {
  it('reads back every customer of what was written, whatever the values hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value, value), { maxLength: 8 }), async (given) => {
        const fit = given.filter((values) => values.every((text) => !text.includes('\0')));
        const lines = fit.map(([customer, a, b]) => `${formatRecord([customer], { a, b }, FIELDS)}\n`);
        expect(await read(lines.join(''), 3)).toEqual({ customers: fit.map(([customer]) => customer), torn: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('names the line that is torn, and goes on with the next', async () => {
    expect(await read('a, 1\nb\nc, 2\n', 2)).toEqual({
      customers: ['a', 'c'],
      torn: [[2, 'has 1 values instead of 2']],
    });
    expect(await read('a, "1\nb, 2\nc, 3\n', 2)).toEqual({
      customers: ['b', 'c'],
      torn: [[1, 'has a quote that is never closed']],
    });
    expect((await read('a, "1\nb, "x\ny"\n', 2)).torn.map(([line]) => line)).toEqual([1]);
    expect((await read('a,1\n', 2)).torn).toHaveLength(1);
    expect((await read('a, x"y"\n', 2)).torn).toHaveLength(1);
    expect((await read('a, "x"y\n', 2)).torn).toHaveLength(1);
    expect((await read('a, 1', 2)).torn).toEqual([[1, 'has no line break at its end']]);
    expect((await read(Buffer.from([0x61, 0x2c, 0x20, 0xff, 0x0a]), 2)).torn).toEqual([[1, 'is not UTF-8']]);
  });
});
