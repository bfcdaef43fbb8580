import type { ChildSlot } from './child-slot.ts';
import type { Feeder } from './feeder.ts';
import type { InOrder } from './in-order.ts';

/**
 * Sees to it that the row is asked for which all others wait for, where the output is in the order of the list. A child
 * that has too much unwritten begins nothing; but what that waits for may be in its own hands. Or in nobody's, since the
 * child that held it died, or its failure is in doubt: then whoever could take it may be full of rows that it does not
 * begin, and is to be done with those.
 */
export class Hurry {
  readonly #order: InOrder;
  readonly #slots: ReadonlySet<ChildSlot>;
  readonly #feeder: Feeder;
  /** Who was told last that others wait for rows of theirs, and up to which. */
  #told: { slot: ChildSlot; upTo: number } | undefined;

  constructor(order: InOrder, slots: ReadonlySet<ChildSlot>, feeder: Feeder) {
    this.#order = order;
    this.#slots = slots;
    this.#feeder = feeder;
  }

  /** Looks for that row, and tells whoever is to go on; nobody is told the same twice. */
  look(): void {
    const { straggler } = this.#order;
    if (straggler === undefined) return;
    const holder = [...this.#slots].find((each) => each.holds(straggler));
    const slot = holder ?? this.#feeder.nextToTake;
    const upTo = holder === undefined ? slot?.lastHeld : straggler;
    if (slot === undefined || upTo === undefined) return;
    if (this.#told?.slot === slot && this.#told.upTo === upTo) return;
    slot.hurry(upTo);
    this.#told = { slot, upTo };
  }
}
