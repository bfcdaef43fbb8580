import { hash } from 'node:crypto';
import type { CustomerList, SourceRow } from './customer-list.ts';

/** What a row asks for: rows with the same customer and the same other values ask for the same. */
export const askedFor = ({ values }: Pick<SourceRow, 'values'>): string => JSON.stringify(values);

/** Which rows of a list may be doubled: where another row asks for the same. */
export interface DoubledRows {
  /** How many things are asked for by more than one row. */
  readonly count: number;
  /** False where no other row asks for the same; hardly ever true where none does. */
  mayBeDoubled(asked: string): boolean;
}

const ROWS_AT_ONCE = 1000;

/**
 * Goes through a list for rows that ask for the same. It keeps 8 bytes a row while it does, and afterwards 8 bytes for each
 * thing that is asked for more than once: hashes, so that whoever needs to be sure compares what is asked for itself.
 */
export async function findDoubledRows(list: CustomerList): Promise<DoubledRows> {
  const all = new HashList();
  for (let rows = await list.next(ROWS_AT_ONCE); rows.length > 0; rows = await list.next(ROWS_AT_ONCE)) {
    for (const row of rows) if (row.problem === undefined) all.push(hashOf(askedFor(row)));
  }
  const doubled = doubledOf(all.values().sort());
  return { count: doubled.length, mayBeDoubled: (asked) => doubled.length > 0 && isIn(doubled, hashOf(asked)) };
}

/** 48 bits: a million rows have a pair of the same hash by chance once in 500 lists. */
const hashOf = (text: string): number => hash('sha256', text, 'buffer').readUIntLE(0, 6);

/** Numbers, 8 bytes each. */
class HashList {
  #values = new Float64Array(1024);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const longer = new Float64Array(this.#count * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  values(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }
}

/** Of rising numbers those that stand there more than once, once each. */
function doubledOf(sorted: Float64Array): Float64Array {
  const isLastOfSome = (value: number, at: number) => value === sorted[at - 1] && value !== sorted[at + 1];
  return sorted.filter(isLastOfSome);
}

/** Whether a number is among rising ones. */
function isIn(sorted: Float64Array, value: number): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === value;
}
