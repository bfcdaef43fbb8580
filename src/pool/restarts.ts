import { placePauseMs, restartPauseMs } from './restart-policy.ts';

/** Where a child stands among the others: who dies there is replaced there. */
interface Place {
  /** Its children that died quickly, one after another, each by its weight. */
  quickDeaths: number;
}

/** How a child ended, as far as the next one depends on it. */
export interface Fall {
  weight: number;
  isQuick: boolean;
  /** Whether another child is at work meanwhile. */
  areOthersWell: boolean;
}

export interface RestartParts {
  processCount(): number;
  /** A place has nobody for so long, after so many quick deaths there. */
  onRest(pauseMs: number, quickDeaths: number): void;
  /** A pause is over: there is room for a child again. */
  onRested(): void;
}

/**
 * Says when dead children may be replaced. A place whose children die quickly rests, ever longer, while the others work:
 * one that is sick would else cost a process, and the rows that it holds, again and again. Where nobody is at work, and
 * nobody has settled anything, all pause together, and in the end it is pointless.
 */
export class Restarts<Child> {
  readonly #parts: RestartParts;
  readonly #taken = new Map<Child, Place>();
  #free: Place[] = [];
  readonly #resting = new Map<Place, NodeJS.Timeout>();
  #deathsInARow = 0;
  #pause: NodeJS.Timeout | undefined;

  constructor(parts: RestartParts) {
    this.#parts = parts;
  }

  /** Children that died since a row was settled, by their weight. */
  get deathsInARow(): number {
    return this.#deathsInARow;
  }

  /** How many children may be forked now, where so many are wanted and so many are to stay. */
  room(wanted: number, staying: number): number {
    if (this.#pause !== undefined) return 0;
    return Math.max(0, Math.min(wanted, this.#parts.processCount() - this.#resting.size) - staying);
  }

  /** A child was forked: it takes the place of which least bad is known. */
  fill(child: Child): void {
    const [best = { quickDeaths: 0 }, ...others] = this.#free.sort((a, b) => a.quickDeaths - b.quickDeaths);
    this.#free = others;
    this.#taken.set(child, best);
  }

  /** A child left that was no longer needed, and its place with it. */
  leave(child: Child): void {
    this.#taken.delete(child);
  }

  /** Some child has settled a row: not all of them are sick. */
  settled(): void {
    this.#deathsInARow = 0;
  }

  /** A child died; false where no child can be kept alive. */
  fall(child: Child, { weight, isQuick, areOthersWell }: Fall): boolean {
    this.#deathsInARow += weight;
    const pauseMs = areOthersWell ? 0 : restartPauseMs(this.#deathsInARow, this.#parts.processCount());
    if (pauseMs === undefined) return false;
    if (pauseMs > 0) this.#pauseAll(pauseMs);
    const place = this.#taken.get(child);
    this.#taken.delete(child);
    if (place === undefined) return true;
    place.quickDeaths = isQuick ? place.quickDeaths + weight : 0;
    this.#rest(place, placePauseMs(place.quickDeaths));
    return true;
  }

  /** Nobody is replaced any more. */
  close(): void {
    for (const timer of [this.#pause, ...this.#resting.values()]) clearTimeout(timer);
  }

  #pauseAll(pauseMs: number): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#parts.onRested();
    }, pauseMs);
  }

  #rest(place: Place, pauseMs: number): void {
    if (pauseMs === 0) {
      this.#free.push(place);
      return;
    }
    this.#parts.onRest(pauseMs, Math.round(place.quickDeaths));
    const timer = setTimeout(() => {
      this.#resting.delete(place);
      this.#free.push(place);
      this.#parts.onRested();
    }, pauseMs);
    this.#resting.set(place, timer);
  }
}
