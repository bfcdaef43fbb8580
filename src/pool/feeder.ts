import type { ChildSlot } from './child-slot.ts';
import { type ChunkPlanFacts, childrenWanted, planChunk, readAheadOf } from './chunk-plan.ts';
import type { WorkQueue } from './work-queue.ts';

/** What feeding depends on, and what it calls. */
export interface FeederParts {
  queue: WorkQueue;
  slots: ReadonlySet<ChildSlot>;
  plan(): Pick<ChunkPlanFacts, 'chunkSize' | 'processCount' | 'requestsPerProcess'>;
  /** Rows that are to be given out before all others, while it is not known whether these are worth asking for. */
  canary(): number | undefined;
  /** The canary was given out: so many rows; none where those that were are done with. `isRest` where the list's end is known. */
  onCanary(rows: number, isRest: boolean): void;
  /** False where nobody is to be fed any more. */
  isWorking(): boolean;
  /** Called before chunks are given out: so many children are worth having. */
  onWanted(children: number): void;
  /** Nothing is left to hand out at the moment. */
  onQuiet(): void;
  onError(error: unknown): void;
}

/** Hands a queue's rows to the children: who gets the next chunk, and which rows go alone. */
export class Feeder {
  readonly #parts: FeederParts;
  #isFeeding = false;
  #wantsFeed = false;
  #isCanaryOut = false;

  constructor(parts: FeederParts) {
    this.#parts = parts;
  }

  /** Rows that children hold and whose output is not written. */
  get held(): number {
    return [...this.#parts.slots].reduce((sum, slot) => sum + slot.held, 0);
  }

  /** The child that is kept free for a row that goes alone; where none is, the one that holds least. */
  get nextToTake(): ChildSlot | undefined {
    const working = [...this.#parts.slots].filter((slot) => slot.state === 'working');
    return working.find((slot) => slot.isReserved) ?? leastBusy(working);
  }

  /** One at a time, and once more when it was asked for meanwhile: reading the list takes its time. */
  feed(): void {
    this.#wantsFeed = true;
    if (!this.#isFeeding) this.#feedUntilQuiet().catch((error: unknown) => this.#parts.onError(error));
  }

  async #feedUntilQuiet(): Promise<void> {
    const { isWorking, onQuiet } = this.#parts;
    this.#isFeeding = true;
    try {
      while (this.#wantsFeed && isWorking()) await this.#feedOnce();
    } finally {
      // In the same breath as the last look at what is wanted: a wish that came between the two would never be heard.
      this.#isFeeding = false;
    }
    if (isWorking()) onQuiet();
  }

  async #feedOnce(): Promise<void> {
    const { queue, isWorking, onWanted } = this.#parts;
    this.#wantsFeed = false;
    await queue.fill(readAheadOf(this.#parts.plan(), this.held));
    if (!isWorking()) return;
    onWanted(childrenWanted(this.#facts(), this.held));
    const canary = this.#parts.canary();
    if (canary !== undefined && !this.#feedCanary(canary)) return;
    this.#feedAlone();
    if (this.#feedHungriest()) this.#wantsFeed = true;
  }

  /** All to one child, once: others get theirs when it is known whether there is any sense in it. True where that is now. */
  #feedCanary(count: number): boolean {
    const { queue, slots, onCanary } = this.#parts;
    const first = this.held > 0 ? undefined : [...slots].find((slot) => slot.state === 'working');
    if (first === undefined) return false;
    const rows = this.#isCanaryOut ? [] : queue.takeSpread(count);
    this.#isCanaryOut = true;
    onCanary(rows.length, queue.isAtEnd);
    if (rows.length > 0) first.give(rows);
    return rows.length === 0;
  }

  /** Gives the child with the most credit a chunk; false when there is none to give or nobody to take it. */
  #feedHungriest(): boolean {
    const { queue, slots } = this.#parts;
    const plan = planChunk(this.#facts());
    const free = [...slots].filter((slot) => !slot.isReserved && slot.credit(plan) >= plan.rows);
    const forGroup = !queue.hasGroup ? undefined : leastBusy(free.filter((slot) => !slot.holdsSuspected));
    if (forGroup !== undefined) {
      forGroup.give(queue.takeGroup());
      return true;
    }
    const hungriest = leastBusy(free);
    if (hungriest === undefined) return false;
    const rows = queue.take(plan.rows);
    if (rows.length > 0) hungriest.give(rows);
    return rows.length > 0;
  }

  /**
   * A suspected row goes to a child that holds nothing else; where all are busy, the least busy one is kept free for it.
   * Whoever kills its child there is given up, so that it should be a child of which something good is known, where there
   * is one: rows must not be found guilty of what a sick child would have died of anyway.
   */
  #feedAlone(): void {
    const { queue, slots } = this.#parts;
    while (queue.hasAlone) {
      const able = preferProven([...slots].filter((slot) => slot.state === 'working'));
      const idle = able.find((slot) => slot.held === 0);
      if (idle === undefined) {
        const kept = able.some((slot) => slot.isReserved) ? undefined : leastBusy(able);
        if (kept !== undefined) kept.isReserved = true;
        return;
      }
      const row = queue.takeAlone();
      idle.isReserved = true;
      if (row !== undefined) idle.give([row]);
    }
    for (const slot of slots) if (slot.held === 0) slot.isReserved = false;
  }

  #facts(): ChunkPlanFacts {
    const { size: queued, isAtEnd: isTail } = this.#parts.queue;
    return { ...this.#parts.plan(), queued, isTail };
  }
}

function preferProven(slots: readonly ChildSlot[]): readonly ChildSlot[] {
  const proven = slots.filter((slot) => slot.isProven);
  return proven.length > 0 ? proven : slots;
}

/** The child that holds the fewest rows, the first of them where some hold as few. */
function leastBusy([first, ...others]: readonly ChildSlot[]): ChildSlot | undefined {
  return first && others.reduce((a, b) => (b.held < a.held ? b : a), first);
}
