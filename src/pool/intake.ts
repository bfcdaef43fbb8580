import type { SourceRow } from '../source/customer-list.ts';
import type { AskedOnce } from './asked-once.ts';
import type { InOrder } from './in-order.ts';
import { givenUpBy, type Settled } from './settled.ts';

/** What an intake needs of the pool. */
export interface IntakeParts {
  /** The list's next rows, at most so many, those that cannot be asked for too; none at its end. */
  nextRows(maxRows: number): Promise<SourceRow[]>;
  /** Settles rows; resolves when it is written. */
  write(settled: Settled): Promise<void>;
  /** Rows that were taken aside are written: others may be read. */
  onWritten(): void;
  onError(error: unknown): void;
  /** Where the output is in the order of the list. */
  order: InOrder | undefined;
  /** Where rows that ask for the same are asked for once. */
  once: AskedOnce | undefined;
}

/** So many rows that meet no child may be unwritten, or wait for others, at a time: a list of nothing else is no flood. */
const MOST_ASIDE = 1000;

/** Between the list and the queue: takes aside the rows that no child is needed for, and settles them. */
export class Intake {
  readonly #parts: IntakeParts;
  #aside = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** So many rows may be read now. */
  get room(): number {
    const { order, once } = this.#parts;
    const aside = this.#aside + (once?.waiting ?? 0);
    return aside >= MOST_ASIDE ? 0 : (order?.room ?? Number.POSITIVE_INFINITY);
  }

  /** The next rows that are to be asked for, at most so many, perhaps none; undefined at the end of the list. */
  async next(maxRows: number): Promise<SourceRow[] | undefined> {
    const { nextRows, order, once } = this.#parts;
    const rows = await nextRows(Math.min(maxRows, this.room));
    if (rows.length === 0) return undefined;
    order?.expect(rows.map(({ position }) => position));
    this.#settleBad(rows.filter(({ problem }) => problem !== undefined));
    const good = rows.filter(({ problem }) => problem === undefined);
    if (once === undefined) return good;
    const { toAsk, settled } = once.admit(good);
    this.#settleAside(settled, settled.rows.length + settled.failures.length);
    return toAsk;
  }

  /** They cannot be asked for. */
  #settleBad(rows: readonly SourceRow[]): void {
    const failures = rows.map((row) => {
      const reason = `line ${row.line}: ${row.problem}`;
      return { row, failure: { kind: 'bad_row' as const, reason, attempts: 0, elapsedMs: 0 }, time: Date.now() };
    });
    this.#settleAside(givenUpBy(failures), rows.length);
  }

  #settleAside(settled: Settled, count: number): void {
    if (count === 0) return;
    const { write, onWritten, onError } = this.#parts;
    this.#aside += count;
    write(settled).then(() => {
      this.#aside -= count;
      onWritten();
    }, onError);
  }
}
