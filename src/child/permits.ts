import type { FlowMessage, PermitsMessage } from '../channel/protocol.ts';

/** What permits need; the clock and its timer are here for the tests. */
export interface PermitDeps {
  /** `machineMs`. */
  nowMs(): number;
  /** Calls back once, after so many milliseconds; gives what calls it off. */
  wake(delayMs: number, call: () => void): () => void;
  /** Calls back once what is going on now is over: who asks at the same moment is told of in one message. */
  soon(call: () => void): void;
  /** Tells the parent how many permits were asked for in this epoch so far, and how many were missed since it was last told. */
  ask(epoch: number, asked: number, missed: number): void;
}

/** So close to its time a request may begin: timers know no finer. */
const NEARLY_MS = 0.5;
/** A permit that was missed by more is void: a child that stood still must not do in a moment what it missed. */
const STALE_MS = 1000;

/**
 * Who may begin a request in this child, and who waits for leave. As long as no permits are needed it costs nothing; else
 * those who wait are counted to the parent, and each permit that comes lets one of them begin at its time, in their order.
 */
export class Permits {
  readonly #deps: PermitDeps;
  /** Before the parent's first word, and where this child has no share, nobody may begin. */
  #isClosed = true;
  #needsPermits = false;
  /** Between a limited answer and what the parent makes of it. */
  #isHeld = false;
  #epoch = 0;
  #asked = 0;
  #received = 0;
  #missed = 0;
  #starts: number[] = [];
  #waiting: (() => void)[] = [];
  #cancelWake: (() => void) | undefined;
  #isAskingSoon = false;

  constructor(deps: PermitDeps) {
    this.#deps = deps;
  }

  /** Whether a request may begin at once, without a permit. */
  get isFree(): boolean {
    return !this.#isClosed && !this.#needsPermits && !this.#isHeld;
  }

  /** Calls back when a request may begin. */
  wait(begin: () => void): void {
    this.#waiting.push(begin);
    this.#serve();
  }

  take({ epoch, needsPermits, inFlight }: FlowMessage): void {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#asked = 0;
      this.#received = 0;
      this.#missed = 0;
      this.#starts = [];
      this.#isHeld = false;
    }
    this.#needsPermits = needsPermits;
    this.#isClosed = inFlight === 0;
    this.#serve();
  }

  give({ epoch, startsMs }: PermitsMessage): void {
    if (epoch !== this.#epoch) return;
    this.#received += startsMs.length;
    this.#starts = [...this.#starts, ...startsMs].sort((a, b) => a - b);
    this.#serve();
  }

  /** A permit that was used told nothing: whoever had it waits for another one, and the parent for no answer. */
  miss(): void {
    this.#missed += 1;
  }

  /** Nothing more begins until the parent has said what a limited answer means; where permits are needed and none is here, it is asked anyway. */
  hold(): void {
    if (this.#needsPermits && this.#starts.length === 0) return;
    this.#isHeld = true;
    this.#starts = [];
  }

  /** Lets all go who wait: the run is stopped, and they will see that. */
  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const begin of waiting) begin();
  }

  #serve(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (this.#isClosed || this.#isHeld || this.#waiting.length === 0) return;
    if (!this.#needsPermits) {
      this.release();
      return;
    }
    const begun = this.#takeDue(this.#deps.nowMs());
    this.#planWake();
    this.#askForMore();
    for (const begin of begun) begin();
  }

  #takeDue(nowMs: number): (() => void)[] {
    const begun: (() => void)[] = [];
    while (this.#waiting.length > begun.length && (this.#starts[0] ?? Number.POSITIVE_INFINITY) <= nowMs + NEARLY_MS) {
      const startMs = this.#starts.shift() ?? 0;
      const next = this.#waiting[begun.length];
      if (startMs < nowMs - STALE_MS) this.#missed += 1;
      else if (next !== undefined) begun.push(next);
    }
    this.#waiting.splice(0, begun.length);
    return begun;
  }

  #planWake(): void {
    const [startMs] = this.#starts;
    if (startMs === undefined || this.#waiting.length === 0) return;
    this.#cancelWake = this.#deps.wake(Math.max(0, startMs - this.#deps.nowMs()), () => this.#serve());
  }

  #askForMore(): void {
    if (this.#isAskingSoon) return;
    this.#isAskingSoon = true;
    this.#deps.soon(() => {
      this.#isAskingSoon = false;
      this.#askForMissing();
    });
  }

  #askForMissing(): void {
    if (!this.#needsPermits || this.#isClosed || this.#isHeld) return;
    const missing = this.#waiting.length - this.#starts.length - (this.#asked - this.#received);
    if (missing <= 0) return;
    this.#asked += missing;
    this.#deps.ask(this.#epoch, this.#asked, this.#missed);
    this.#missed = 0;
  }
}
