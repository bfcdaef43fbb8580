import type { SourceRow } from '../source/customer-list.ts';
import { askedFor, type DoubledRows } from '../source/doubled-rows.ts';
import type { FailedInPool, Settled } from './settled.ts';

/** What became of something that more than one row asks for. */
export type SettledFate = { is: 'ok' } | ({ is: 'failed' } & Pick<FailedInPool, 'failure' | 'time'>);
type Fate = SettledFate | { is: 'asked'; sharing: SourceRow[] };

/** Which rows of a list ask for the same, and what of that a run had before this start. */
export interface AskedOnceFacts {
  rows: DoubledRows;
  /** What must not be asked for again, and what became of it, by what is asked for. */
  settledBefore: ReadonlyMap<string, SettledFate>;
}

/**
 * Has rows that ask for the same asked for once: the first is asked for, the others share what becomes of it. Its lines
 * stand once; those that share them are settled without lines of their own, or fail with it.
 */
export class AskedOnce {
  readonly #rows: DoubledRows;
  readonly #fates: Map<string, Fate>;
  #waiting = 0;

  constructor({ rows, settledBefore }: AskedOnceFacts) {
    this.#rows = rows;
    this.#fates = new Map(settledBefore);
  }

  /** Rows that wait for what becomes of another. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Those of some rows that are to be asked for, and what settles others at once; the rest waits. */
  admit(rows: readonly SourceRow[]): { toAsk: SourceRow[]; settled: Settled } {
    const shared: SourceRow[] = [];
    const failures: FailedInPool[] = [];
    const toAsk = rows.filter((row) => {
      const asked = askedFor(row);
      if (!this.#rows.mayBeDoubled(asked)) return true;
      const fate = this.#fates.get(asked);
      if (fate === undefined) this.#fates.set(asked, { is: 'asked', sharing: [] });
      else if (fate.is === 'ok') shared.push(row);
      else if (fate.is === 'failed') failures.push(sharedFailure(fate, row));
      else this.#wait(fate.sharing, row);
      return fate === undefined;
    });
    return { toAsk, settled: withShared(NOTHING, shared, failures) };
  }

  /** What settles some rows, and with them those that share it. */
  withSharing(settled: Settled): Settled {
    const shared = settled.rows.flatMap((row) => this.#settle(row, { is: 'ok' }));
    const failures = settled.failures.flatMap((failed) => {
      const { failure, time } = failed;
      return this.#settle(failed.row, { is: 'failed', failure, time }).map((row) => sharedFailure(failed, row));
    });
    return shared.length + failures.length === 0 ? settled : withShared(settled, shared, failures);
  }

  #wait(sharing: SourceRow[], row: SourceRow): void {
    sharing.push(row);
    this.#waiting += 1;
  }

  /** Gives the rows that waited for this one; none where it was not asked for on behalf of others. */
  #settle(row: SourceRow, fate: SettledFate): SourceRow[] {
    if (row.problem !== undefined) return [];
    const asked = askedFor(row);
    const before = this.#fates.get(asked);
    if (before?.is !== 'asked') return [];
    this.#fates.set(asked, fate);
    this.#waiting -= before.sharing.length;
    return before.sharing;
  }
}

const NOTHING: Settled = { text: '', rows: [], empty: [], failures: [], records: 0, attempts: 0, parts: [] };

/** No request was made for it. */
const sharedFailure = ({ failure, time }: Pick<FailedInPool, 'failure' | 'time'>, row: SourceRow): FailedInPool => ({
  row,
  failure: { ...failure, attempts: 0, elapsedMs: 0 },
  time,
});

function withShared(settled: Settled, shared: readonly SourceRow[], failures: readonly FailedInPool[]): Settled {
  const { rows, empty } = settled;
  return {
    ...settled,
    rows: [...rows, ...shared],
    empty: [...empty, ...shared.map(({ position }) => position)],
    failures: [...settled.failures, ...failures],
  };
}
