import { AHEAD_MS, type FlowMessage, type PermitsMessage, type WantsMessage } from '../channel/protocol.ts';
import { PermitStock } from './permit-stock.ts';

/** What permits need; the clock and its timer are here for the tests. */
export interface PermitDeps {
  /** `machineMs`. */
  nowMs(): number;
  /** Calls back once, after so many milliseconds; gives what calls it off. */
  wake(delayMs: number, call: () => void): () => void;
  /** Calls back once what is going on now is over: who asks at the same moment is told of in one message. */
  soon(call: () => void): void;
  /** Tells the parent. */
  ask(message: WantsMessage): void;
}

/** More permits for requests to come are asked for when no more than this share of the last lot is left. */
const LOW_WATER = 1 / 4;
/** What was asked for in advance and did not come in this time was not to be had. */
const PATIENCE_MS = 50;
/** The pace of requests is measured over so long. */
const PACE_MS = 20;

/**
 * Who may begin a request in this child, and who waits for leave. As long as no permits are needed it costs nothing; else
 * those who wait are counted to the parent, and each permit that comes lets one of them begin at its time, in their order.
 * A child that asks for much says so in advance: while the rate is not reached its requests find their permits there.
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
  readonly #stock = new PermitStock();
  /** How many permits were there for requests to come when the last ones had come. */
  #lot = 0;
  /** From then on more of them may be asked for: others are on their way. */
  #askAheadMs = 0;
  /** Requests that began since then by permits, and how many those were in a millisecond before. */
  #begun = { count: 0, sinceMs: 0 };
  #begunPerMs = 0;
  #waiting: (() => void)[] = [];
  #cancelWake: (() => void) | undefined;
  #isAskingSoon = false;

  constructor(deps: PermitDeps) {
    this.#deps = deps;
  }

  /** Whether a request may begin at once; it then does, by a permit where it needs one. */
  begin(): boolean {
    if (this.#isClosed || this.#isHeld) return false;
    if (!this.#needsPermits) return true;
    const nowMs = this.#deps.nowMs();
    if (this.#waiting.length > 0 || !this.#use(nowMs)) return false;
    if (this.#wantsAhead(this.#stock.size, nowMs)) this.#askForMore();
    return true;
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
      // Nothing will come of those, either: a canary that counted them would have no permits left for who is still to ask.
      this.#missed += this.#stock.clear();
      this.#askAheadMs = 0;
      this.#isHeld = false;
    }
    this.#needsPermits = needsPermits;
    // Nobody could begin: what the time has come for meanwhile is not made up for in a moment.
    if (this.#isClosed) this.#missed += this.#stock.clear(this.#deps.nowMs());
    this.#isClosed = inFlight === 0;
    this.#serve();
  }

  give({ epoch, startsMs, aheadMs }: PermitsMessage): void {
    if (epoch !== this.#epoch) return;
    this.#received += startsMs.length;
    this.#stock.add(startsMs, false);
    this.#stock.add(aheadMs, true);
    this.#lot = Math.max(0, this.#stock.size - this.#waiting.length);
    if (aheadMs.length > 0) this.#askAheadMs = 0;
    this.#serve();
  }

  /** A permit that was used told nothing: whoever had it waits for another one, and the parent for no answer. */
  miss(): void {
    this.#missed += 1;
  }

  /** Nothing more begins until the parent has said what a limited answer means; where permits are needed and none is here, it is asked anyway. */
  hold(): void {
    if (this.#needsPermits && this.#stock.size === 0) return;
    this.#isHeld = true;
    this.#missed += this.#stock.clear();
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
    let count = 0;
    while (this.#waiting.length > count && this.#use(nowMs)) count += 1;
    return this.#waiting.splice(0, count);
  }

  /** Uses a permit whose time has come; false where there is none. */
  #use(nowMs: number): boolean {
    let taken = this.#stock.take(nowMs);
    for (; taken === 'missed'; taken = this.#stock.take(nowMs)) this.#missed += 1;
    if (taken === 'used') this.#begun.count += 1;
    return taken === 'used';
  }

  #planWake(): void {
    const startMs = this.#stock.nextMs;
    if (startMs === Number.POSITIVE_INFINITY || this.#waiting.length === 0) return;
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
    const nowMs = this.#deps.nowMs();
    this.#measure(nowMs);
    const spare = this.#stock.size + this.#asked - this.#received - this.#waiting.length;
    const missing = Math.max(0, -spare);
    const ahead = this.#wantsAhead(spare, nowMs) ? Math.max(0, this.#wantedAhead - Math.max(0, spare)) : 0;
    if (missing === 0 && ahead === 0) return;
    if (ahead > 0) this.#askAheadMs = nowMs + PATIENCE_MS;
    this.#asked += missing;
    this.#deps.ask({ type: 'wants', epoch: this.#epoch, asked: this.#asked, ahead, missed: this.#missed });
    this.#missed = 0;
  }

  /** Whether it is time to ask for more in advance, with so many left: a second's permits are not to be exceeded by much. */
  #wantsAhead(spare: number, nowMs: number): boolean {
    return spare <= LOW_WATER * this.#lot && nowMs >= this.#askAheadMs;
  }

  get #wantedAhead(): number {
    return Math.floor(this.#begunPerMs * AHEAD_MS);
  }

  #measure(nowMs: number): void {
    const { count, sinceMs } = this.#begun;
    if (nowMs - sinceMs < PACE_MS) return;
    this.#begunPerMs = count / (nowMs - sinceMs);
    this.#begun = { count: 0, sinceMs: nowMs };
  }
}
