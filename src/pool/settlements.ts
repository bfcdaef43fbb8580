import type { AskedOnce } from './asked-once.ts';
import type { InOrder } from './in-order.ts';
import type { Settled } from './settled.ts';

/** Where so many characters wait for their turn, it is looked who keeps them waiting: sooner than a child has no room. */
const HURRY_BYTES = 1024 * 1024;

/** What settlements go through on their way to the writer. */
export interface SettlementsParts {
  /** Resolves when it is written. */
  settle(settled: Settled): Promise<void>;
  /** Present where the output is in the order of the list. */
  order: InOrder | undefined;
  /** Present where rows that ask for the same are asked for once. */
  once: AskedOnce | undefined;
  /** Something waits for its turn; with `isMuch`, so much that children will soon wait, too. */
  onWaiting(isMuch: boolean): void;
  /** Nothing is on its way any more. */
  onAllWritten(): void;
}

/** The way of what settles rows to the writer: with it goes who shares it, and each in its turn where there is an order. */
export class Settlements {
  readonly #parts: SettlementsParts;
  #unwritten = 0;

  constructor(parts: SettlementsParts) {
    this.#parts = parts;
  }

  /** True when nothing is on its way. */
  get areWritten(): boolean {
    return this.#unwritten === 0;
  }

  /** Resolves when it is written, and those that share it. */
  async write(settled: Settled): Promise<void> {
    const { settle, order, once, onAllWritten } = this.#parts;
    this.#unwritten += 1;
    const all = once?.withSharing(settled) ?? settled;
    if (order === undefined) await settle(all);
    else await this.#writeInOrder(all, order);
    this.#unwritten -= 1;
    if (this.areWritten) onAllWritten();
  }

  async #writeInOrder(settled: Settled, order: InOrder): Promise<void> {
    const written = order.settle(settled);
    this.#parts.onWaiting(order.waitingBytes > HURRY_BYTES);
    await written;
  }
}
