/** So many others are answered after a customer's first limited answer before another one is taken for its own. */
const OTHERS = 10;
/** And no more than this share of what came for others since then was limited, too. */
const FEW = 0.05;

/** What came for others since a customer was first limited, of what was asked for after that. */
interface Meanwhile {
  sinceRequest: number;
  answered: number;
  limited: number;
}

/**
 * Tells a limit for everybody from one that a customer meets again and again by itself: it is that customer's own where
 * others that this child asked for after its first one were answered, and hardly any of them was limited. The first one may
 * always be everybody's.
 */
export class OwnLimits {
  #requests = 0;
  /** Customers that were limited and are to be asked for again, by position: seldom any. */
  readonly #limited = new Map<number, Meanwhile>();

  /** A request begins; gives its number, by which it is known here. */
  begin(): number {
    this.#requests += 1;
    return this.#requests;
  }

  /** A request came to an answer that was not limited. */
  answered(request: number): void {
    for (const meanwhile of this.#limited.values()) {
      if (request > meanwhile.sinceRequest) meanwhile.answered += 1;
    }
  }

  /** A request for the customer at a position was limited; true where that is the customer's own. */
  limited(position: number, request: number): boolean {
    const own = this.#limited.get(position);
    if (own === undefined) this.#limited.set(position, { sinceRequest: this.#requests, answered: 0, limited: 0 });
    else if (own.answered >= OTHERS && own.limited <= FEW * own.answered) return true;
    for (const [other, meanwhile] of this.#limited) {
      if (other !== position && request > meanwhile.sinceRequest) meanwhile.limited += 1;
    }
    return false;
  }

  /** The customer at a position is not asked for again. */
  forget(position: number): void {
    this.#limited.delete(position);
  }
}
