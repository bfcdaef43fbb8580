import type { FailureKind } from '../channel/protocol.ts';

/** What a run has done so far, over all its starts. */
export interface Tally {
  /** Rows that this start has read from the list. */
  read: number;
  /** Those of them that nobody had settled before, and that are not settled yet. */
  open: number;
  /** Customers whose records are written to the results, also those that have none. */
  ok: number;
  /** Customers written to the failed file. */
  failed: number;
  /** Failed customers by kind; a kind that did not occur is not there. */
  failures: Partial<Record<FailureKind, number>>;
  /** Lines in the results. */
  records: number;
  /** Requests made for settled customers, each attempt counted. */
  requests: number;
}

export const emptyTally = (): Tally => ({ read: 0, open: 0, ok: 0, failed: 0, failures: {}, records: 0, requests: 0 });

/** What it is now; a tally goes on counting. */
export const copyOfTally = (tally: Tally): Tally => ({ ...tally, failures: { ...tally.failures } });

export function countFailure(tally: Tally, kind: FailureKind): void {
  tally.failed += 1;
  tally.failures[kind] = (tally.failures[kind] ?? 0) + 1;
}
