import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hashOf } from '../../fixtures/hash.ts';

/** Lines in any order: how many, and two sums that change with every one of them. */
export interface LineSum {
  count: number;
  sums: [number, number];
}

export const emptySum = (): LineSum => ({ count: 0, sums: [0, 0] });

/** Adds a line. */
export function addLine(sum: LineSum, line: string): void {
  sum.count += 1;
  sum.sums = [(sum.sums[0] + hashOf(line)) % 2 ** 48, (sum.sums[1] + hashOf(line, 1)) % 2 ** 48];
}

/** What must be in the files of a job that went well. */
export interface Expected {
  results: LineSum;
  customers: number;
}

export function expectedOf(customers: Iterable<string>, linesOf: (customer: string) => string[]): Expected {
  const expected = { results: emptySum(), customers: 0 };
  for (const customer of customers) {
    expected.customers += 1;
    for (const line of linesOf(customer)) addLine(expected.results, line);
  }
  return expected;
}

/** Throws unless a folder has every result line once, nobody in its failed file, and two log lines a customer. */
export async function checkOutput(folder: string, expected: Expected): Promise<void> {
  const results = emptySum();
  for await (const line of linesIn(folder, 'results')) addLine(results, line);
  if (JSON.stringify(results) !== JSON.stringify(expected.results)) {
    throw new Error(`${folder}: ${results.count} result lines, not the ${expected.results.count} that were expected`);
  }
  for await (const line of linesIn(folder, 'failed')) throw new Error(`${folder}: a customer failed: ${line}`);
  let asked = 0;
  let answered = 0;
  for await (const line of linesIn(folder, 'log')) {
    if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d - Requesting details for customer /.test(line)) asked += 1;
    if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d - Successfully retrieved \d+ details\(s\) for /.test(line)) answered += 1;
  }
  if (asked !== expected.customers || answered !== expected.customers) {
    throw new Error(
      `${folder}: the log has ${asked} requests and ${answered} answers for ${expected.customers} customers`,
    );
  }
}

/** The lines of the file whose name begins so; none where there is no such file. */
async function* linesIn(folder: string, name: string): AsyncGenerator<string> {
  const file = readdirSync(folder).find((entry) => new RegExp(`^${name}(?:-[\\d-]+)?\\.txt$`).test(entry));
  if (file !== undefined)
    yield* createInterface({ input: createReadStream(join(folder, file)), crlfDelay: Number.POSITIVE_INFINITY });
}
