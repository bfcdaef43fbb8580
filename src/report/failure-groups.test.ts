import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { FailureGroups } from './failure-groups.ts';

const line = (customer: string, message: string, more: object = {}) =>
  `${JSON.stringify({ position: 0, customer, kind: 'http_4xx', status: 404, attempts: 1, elapsed_ms: 5, message, ...more })}\n`;
const fileWith = (text: string) => {
  const path = join(temporaryFolder(), 'exceptions-20260131-230000.ndjson');
  writeFileSync(path, text);
  return path;
};

describe('FailureGroups', () => {
  it('takes failures for alike that differ in customer, numbers and what the server is quoted with', async () => {
    const groups = new FailureGroups(
      fileWith(
        [
          line('C1', 'no C1 at line 17: "{"id":1}"', { answer: 'first' }),
          line('C2', 'no C2 at line 4711: "{"id":2', { answer: 'second' }),
          line('C3', 'HTTP 404 Not Found'),
        ].join(''),
      ),
    );
    await groups.readOn();
    expect(groups.groups).toMatchObject([
      { count: 2, customers: ['C1', 'C2'], answer: 'first', message: 'no C1 at line 17: "{"id":1}"' },
      { count: 1, customers: ['C3'], answer: undefined },
    ]);
  });

  it('counts all of them however many kinds there are, and shows only the beginning of what is long', async () => {
    // Letters alone: numbers are taken for alike.
    const words = Array.from({ length: 500 }, (_, i) =>
      i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? ''),
    );
    const path = fileWith(
      words.map((word) => line('x'.repeat(10_000), `${word} ${'y'.repeat(1000)}`, { answer: word })).join(''),
    );
    const groups = new FailureGroups(path);
    await groups.readOn();
    expect(groups.groups.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(groups.groups.length).toBeLessThanOrEqual(101);
    expect(groups.groups[0]).toMatchObject({ message: 'others', status: null });
    expect(JSON.stringify(groups.groups).length).toBeLessThan(200_000);
  });

  it('goes on where it was when the file has grown, and leaves a line that is not whole for the next time', async () => {
    const path = fileWith(`${line('C1', 'm')}{"customer":"C2"`);
    const groups = new FailureGroups(path);
    await groups.readOn();
    expect(groups.groups[0]?.count).toBe(1);
    writeFileSync(path, line('C1', 'm'));
    appendFileSync(path, `${line('C2', 'm')}no line of ours\n${line('C3', 'm')}`);
    await groups.readOn();
    await groups.readOn();
    expect(groups.groups).toMatchObject([{ count: 3, customers: ['C1', 'C2', 'C3'] }]);
    await new FailureGroups(`${path}.none`).readOn();
  });
});
