/** Time that passes only from one event to the next, in milliseconds; what happens at the same time happens in its order. */
export class SimulatedClock {
  #events: { atMs: number; call: () => void; isOff: boolean }[] = [];
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Calls back after a while; gives what calls it off. */
  after(delayMs: number, call: () => void): () => void {
    const event = { atMs: this.#nowMs + Math.max(0, delayMs), call, isOff: false };
    this.#events.splice(this.#placeFor(event.atMs), 0, event);
    return () => {
      event.isOff = true;
    };
  }

  /** Lets everything happen up to a time. */
  runUntil(untilMs: number): void {
    for (let next = this.#takeNext(untilMs); next !== undefined; next = this.#takeNext(untilMs)) {
      this.#nowMs = next.atMs;
      if (!next.isOff) next.call();
    }
    this.#nowMs = untilMs;
  }

  #takeNext(untilMs: number) {
    const last = this.#events.at(-1);
    return last !== undefined && last.atMs <= untilMs ? this.#events.pop() : undefined;
  }

  /** The latest stand first, so that the next is taken from the end. */
  #placeFor(atMs: number): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
