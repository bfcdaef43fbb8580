import type { CustomerRow } from '../channel/protocol.ts';

/**
 * Rows that came and are not begun, in their order. A customer that is under way holds some thirty objects, and it is what
 * lives long that makes collecting garbage dear: a row is begun when there is a slot for it, and waits as it came until
 * then.
 */
export class RowQueue {
  readonly #begin: (row: CustomerRow) => void;
  #rows: CustomerRow[] = [];
  #slots = 0;
  #underWay = 0;
  #resting = 0;
  /** Others wait for rows up to this position. */
  #hurriedTo = -1;

  /** `begin` is followed by a `done`. */
  constructor(begin: (row: CustomerRow) => void) {
    this.#begin = begin;
  }

  /** So many customers have a slot at a time. */
  set slots(count: number) {
    this.#slots = count;
    this.#beginNext();
  }

  /** Whether slots will soon have no row to go on with. */
  get isShort(): boolean {
    return this.#rows.length <= this.#slots / 2;
  }

  /** Customers that are under way and wait for their next attempt. */
  get resting(): number {
    return this.#resting;
  }

  add(rows: readonly CustomerRow[]): void {
    for (const row of rows) this.#rows.push(row);
    this.#beginHurried();
    this.#beginNext();
  }

  /**
   * Others wait for the rows up to a position, those too that come later: they are begun, slot or no slot, with those
   * before them, in whose turn they stay.
   */
  hurry(position: number): void {
    this.#hurriedTo = Math.max(this.#hurriedTo, position);
    this.#beginHurried();
  }

  /** One that is under way waits for its next attempt, and needs no slot until `resume`. */
  rest(): void {
    this.#resting += 1;
    this.#beginNext();
  }

  resume(): void {
    this.#resting -= 1;
  }

  /** One that was begun has come to its end. */
  done(): void {
    this.#underWay -= 1;
    this.#beginNext();
  }

  #beginHurried(): void {
    const last = this.#rows.findLastIndex(({ position }) => position <= this.#hurriedTo);
    for (const row of this.#rows.splice(0, last + 1)) this.#start(row);
  }

  #beginNext(): void {
    while (this.#underWay - this.#resting < this.#slots) {
      const row = this.#rows.shift();
      if (row === undefined) return;
      this.#start(row);
    }
  }

  #start(row: CustomerRow): void {
    this.#underWay += 1;
    this.#begin(row);
  }
}
