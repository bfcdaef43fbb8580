import type { Settled } from './settled.ts';
import { joined, settledApart } from './settled-apart.ts';

/** What settles one row, until its turn comes. */
interface Waiting {
  settled: Settled;
  onWritten(): void;
  onError(error: unknown): void;
}

/**
 * Passes on what settles rows in the order in which the rows were read: what comes early waits for those before it. How
 * much waits is bounded by whoever reads the list and looks at `room`: a straggler delays, it does not fill the memory.
 */
export class InOrder {
  readonly #write: (settled: Settled) => Promise<void>;
  readonly #span: () => number;
  readonly #onWritten: () => void;
  /** Positions of the rows that were read and not passed on, in their order. */
  readonly #due = new Queue();
  readonly #waiting = new Map<number, Waiting>();
  #waitingBytes = 0;
  /** Rows that were passed on and are not written. */
  #writing = 0;
  #isReleased = false;

  /** `span`: so many rows may be read and not written at a time; `onWritten`: there is room again. */
  constructor(write: (settled: Settled) => Promise<void>, span: () => number, onWritten: () => void) {
    this.#write = write;
    this.#span = span;
    this.#onWritten = onWritten;
  }

  /** Takes note of rows that were read, in their order. */
  expect(positions: readonly number[]): void {
    for (const position of positions) this.#due.push(position);
  }

  /** So many rows may be read now. */
  get room(): number {
    return Math.max(0, this.#span() - this.#due.size - this.#writing);
  }

  /** The row that all that waits is waiting for; undefined where nothing waits. */
  get straggler(): number | undefined {
    return this.#waiting.size === 0 ? undefined : this.#due.first;
  }

  /** Rows that are settled and wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Characters of lines that wait. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves when all of it is written. */
  async settle(settled: Settled): Promise<void> {
    const written = settledApart(settled).map((each) => this.#put(each));
    this.#passOn();
    if (this.#isReleased) this.#letGo();
    await Promise.all(written);
  }

  /**
   * Nobody waits any more, and the rows behind one that will not be settled stay unsettled: the run is to stop. What can
   * still be passed on is.
   */
  release(): void {
    this.#isReleased = true;
    this.#letGo();
  }

  #letGo(): void {
    for (const { onWritten } of this.#waiting.values()) onWritten();
  }

  #put(settled: Settled): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const position = positionOf(settled);
    this.#waiting.set(position, { settled, onWritten: resolve, onError: reject });
    this.#waitingBytes += settled.text.length;
    return promise;
  }

  #passOn(): void {
    const ready: Waiting[] = [];
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) ready.push(next);
    if (ready.length === 0) return;
    this.#writing += ready.length;
    this.#write(joined(ready.map(({ settled }) => settled))).then(
      () => {
        this.#writing -= ready.length;
        for (const { onWritten } of ready) onWritten();
        this.#onWritten();
      },
      (error: unknown) => {
        for (const { onError } of ready) onError(error);
      },
    );
  }

  #takeNext(): Waiting | undefined {
    const position = this.#due.first;
    const next = position === undefined ? undefined : this.#waiting.get(position);
    if (position === undefined || next === undefined) return undefined;
    this.#due.shift();
    this.#waiting.delete(position);
    this.#waitingBytes -= next.settled.text.length;
    return next;
  }
}

/** Of what settles one row. */
const positionOf = ({ rows: [row], failures: [failure] }: Settled): number =>
  row?.position ?? failure?.row.position ?? Number.NaN;

/** Numbers, first in first out; what was taken is cleared away from time to time. */
class Queue {
  #items: number[] = [];
  #taken = 0;

  get size(): number {
    return this.#items.length - this.#taken;
  }

  get first(): number | undefined {
    return this.#items[this.#taken];
  }

  push(item: number): void {
    this.#items.push(item);
  }

  shift(): void {
    this.#taken += 1;
    if (this.#taken < 1024) return;
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }
}
