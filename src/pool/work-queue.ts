import type { SourceRow } from '../source/customer-list.ts';
import type { Intake } from './intake.ts';
import { type Suspicion, UNSUSPECTED } from './suspicion.ts';

/** A row in the pool, and what it has gone through there. */
export interface PooledRow {
  row: SourceRow;
  suspicion: Suspicion;
  /** How often it failed since the endpoint was down. */
  outages: number;
}

/** What is still to be handed out: the list, read a little ahead, and rows that came back. */
export class WorkQueue {
  readonly #intake: Pick<Intake, 'next' | 'room'>;
  #rows: PooledRow[] = [];
  #groups: PooledRow[][] = [];
  #alone: PooledRow[] = [];
  #isAtEnd = false;

  constructor(intake: Pick<Intake, 'next' | 'room'>) {
    this.#intake = intake;
  }

  /** Rows that are known and not handed out. */
  get size(): number {
    const grouped = this.#groups.reduce((sum, rows) => sum + rows.length, 0);
    return this.#rows.length + grouped + this.#alone.length;
  }

  /** True when the list is read to its end: what is known is all that is left. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get hasGroup(): boolean {
    return this.#groups.length > 0;
  }

  get hasAlone(): boolean {
    return this.#alone.length > 0;
  }

  /** True when nothing more can be read before something is written, or at all. */
  get isDry(): boolean {
    return this.#isAtEnd || this.#intake.room === 0;
  }

  /** Reads ahead in the list until so many rows are known, or as far as allowed. */
  async fill(readAhead: number): Promise<void> {
    while (!this.isDry && this.#rows.length < readAhead) {
      const rows = await this.#intake.next(readAhead - this.#rows.length);
      if (rows === undefined) this.#isAtEnd = true;
      for (const row of rows ?? []) this.#rows.push({ row, suspicion: UNSUSPECTED, outages: 0 });
    }
  }

  take(maxRows: number): PooledRow[] {
    return this.#rows.splice(0, maxRows);
  }

  /** Takes so many rows spread evenly over what is known, fewer where there are not so many. */
  takeSpread(count: number): PooledRow[] {
    const step = Math.max(1, this.#rows.length / count);
    const places = Array.from({ length: Math.min(count, this.#rows.length) }, (_, i) => Math.floor(i * step));
    const taken = places.flatMap((place) => this.#rows[place] ?? []);
    const isTaken = new Set(taken);
    this.#rows = this.#rows.filter((row) => !isTaken.has(row));
    return taken;
  }

  /** The next group: rows that go out together and to a child that holds no other that was given back. */
  takeGroup(): PooledRow[] {
    return this.#groups.shift() ?? [];
  }

  /** The next of the rows that want a child of their own. */
  takeAlone(): PooledRow | undefined {
    return this.#alone.shift();
  }

  /** Behind what is known already: in front, the next child to die would hold the same rows again. */
  giveBack(rows: readonly PooledRow[]): void {
    this.#rows.push(...rows);
  }

  giveBackGroup(rows: PooledRow[]): void {
    this.#groups.push(rows);
  }

  giveBackAlone(row: PooledRow): void {
    this.#alone.push(row);
  }
}
