import type { DataMessage, Failure } from '../channel/protocol.ts';
import type { SourceRow } from '../source/customer-list.ts';
import type { PooledRow } from './work-queue.ts';

/** A row that was given up on, and why. */
export interface FailedInPool {
  row: SourceRow;
  failure: Failure;
  /** When it was given up on, in milliseconds since the epoch. */
  time: number;
}

/** What settles some rows: the lines of those that came, the reasons of those that did not. */
export interface Settled {
  /** Whole lines, the records of a customer together. */
  text: string;
  /** Rows whose records `text` holds. */
  rows: SourceRow[];
  /** Positions of those rows whose customer has no records. */
  empty: number[];
  failures: FailedInPool[];
  /** Lines in `text`. */
  records: number;
  /** Requests made for these rows. */
  attempts: number;
  /** Where the output is in the order of the list: which of `rows` has which lines. */
  parts?: DataMessage['parts'];
}

/** What a child's message settles; `rows` are the message's own, in its order. */
export function settledBy({ text, empty, records, attempts, parts }: DataMessage, rows: PooledRow[]): Settled {
  return { text, rows: rows.map(({ row }) => row), empty, failures: [], records, attempts, parts };
}

/** What settles rows that children gave up on. */
export function failedBy(failures: FailedInPool[]): Settled {
  const attempts = failures.reduce((sum, { failure }) => sum + failure.attempts, 0);
  return { ...givenUpBy(failures), attempts };
}

/** What settles rows that were given up on in the parent. */
export const givenUpBy = (failures: FailedInPool[]): Settled => ({
  text: '',
  rows: [],
  empty: [],
  failures,
  records: 0,
  attempts: 0,
});
