/** While customers hold more than this of their pages, only the first of them goes on: one that gets to its end makes room. */
const LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * What a child holds of customers whose pages are not all there yet: nobody knows how much it will be, and only at their
 * end can it be handed on. Customers are known by the positions of their rows. The first one of all goes on whatever
 * there is: where the output is in the order of the list, all others wait for it.
 */
export class PageRoom {
  /** Bytes that each customer in the middle of its pages holds. */
  readonly #held = new Map<number, number>();
  readonly #beginning = new Set<number>();
  readonly #maxCustomers: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  /** So many customers are in the middle of their pages at a time, and one more where it is the first. */
  constructor(maxCustomers: number) {
    this.#maxCustomers = maxCustomers;
  }

  /** Resolves when another customer may ask for its first page. */
  async begin(position: number): Promise<void> {
    this.#beginning.add(position);
    while (this.#isFull() && !this.#isFirst(position)) await this.#whenChanged();
    this.#beginning.delete(position);
    this.#held.set(position, 0);
  }

  /** Takes note of what a customer holds besides; resolves when it may ask for its next page. */
  async goOn(position: number, bytes: number): Promise<void> {
    this.#bytes += bytes;
    this.#held.set(position, (this.#held.get(position) ?? 0) + bytes);
    while (this.#bytes >= LIMIT_BYTES && !this.#isFirst(position)) await this.#whenChanged();
  }

  /** A customer is at its end, well or not. */
  leave(position: number): void {
    this.#bytes -= this.#held.get(position) ?? 0;
    this.#held.delete(position);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #isFull(): boolean {
    return this.#held.size >= this.#maxCustomers || this.#bytes >= LIMIT_BYTES;
  }

  #isFirst(position: number): boolean {
    const isBefore = (other: number) => other < position;
    return !this.#held.keys().some(isBefore) && !this.#beginning.values().some(isBefore);
  }

  #whenChanged(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
