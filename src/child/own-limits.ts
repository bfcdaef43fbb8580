/** So many others are answered between two limited answers for a customer before the second is taken for its own. */
const OTHERS = 10;

/**
 * Tells a limit for everybody from one that a single customer meets again and again: it is that customer's own where
 * nobody else of this child was limited since its last one, and others that were asked for after that were answered.
 */
export class OwnLimits {
  readonly #maxInFlight: number;
  #answered = 0;
  /** The last one that was limited, and how many answers there are once enough others were asked for and answered. */
  #last: { position: number; enough: number } | undefined;

  /** So many requests are in flight at a time: that many answers may belong to the time before. */
  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  /** Takes note of an answer that was none of these. */
  answered(): void {
    this.#answered += 1;
  }

  /** Takes note of a limited answer for the customer at a position; true where that is its own. */
  limited(position: number): boolean {
    const isOwn = this.#last?.position === position && this.#answered >= this.#last.enough;
    this.#last = { position, enough: this.#answered + this.#maxInFlight + OTHERS };
    return isOwn;
  }
}
