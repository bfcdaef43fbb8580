import { AHEAD_MS, type WantsMessage } from '../channel/protocol.ts';
import { Gcra } from './gcra.ts';

/** What a child gets: starts of permits that it asked for, and of others for requests to come. Both ascending. */
export interface Grant {
  startsMs: number[];
  aheadMs: number[];
}

/** What the desk knows of a child. */
interface Pass {
  asked: number;
  granted: number;
  /** Those that it may want soon, beyond those that it asked for. */
  ahead: number;
  /** False where it has no share at the moment, and would let a permit go to waste. */
  isOpen: boolean;
  /** Starts of permits whose time had not come when it was last looked at. */
  startsMs: number[];
}

const newPass = (isOpen: boolean): Pass => ({ asked: 0, granted: 0, ahead: 0, isOpen, startsMs: [] });
const isHungry = ({ asked, granted, isOpen }: Pass): boolean => isOpen && asked > granted;

/** Permits are handed out so long before their time: the parent may stand still for a moment, and nothing is lost. */
const LEASE_MS = 500;
/**
 * Permits in advance, all children's together, are at most so many of a second's: with the quarter of them that a child may
 * still have when it asks again, a second holds 2 % more than its share, where all use late what they have.
 */
const AHEAD_SHARE = 0.016;

/**
 * Hands permits to the children that ask for them, in turns, at a steady rate, in small leases. Where the rate is more than
 * is asked for, they get some in advance, so that it costs no message a request. Within an epoch requests
 * and grants are counted, so that a message under way is never counted twice; a new epoch makes everything void. Times are
 * milliseconds on the machine's clock.
 */
export class PermitDesk<Child> {
  readonly #gcra = new Gcra();
  readonly #passes = new Map<Child, Pass>();
  #perSecond = Number.POSITIVE_INFINITY;
  #epoch = 1;
  /** Until then there may be permits in advance that are not used. */
  #aheadUntilMs = Number.NEGATIVE_INFINITY;

  get epoch(): number {
    return this.#epoch;
  }

  set perSecond(rate: number) {
    this.#perSecond = rate;
    this.#gcra.perSecond = rate;
  }

  /** Whether somebody waits for a permit who could use it. */
  get isAsked(): boolean {
    return this.#passes.values().some(isHungry);
  }

  join(child: Child): void {
    this.#passes.set(child, newPass(true));
  }

  /** Whether a child has a share of what may be in flight: without one it gets no permits, and keeps what it asked for. */
  setOpen(child: Child, isOpen: boolean): void {
    const pass = this.#passes.get(child);
    if (pass !== undefined) pass.isOpen = isOpen;
  }

  /** What it has not used goes to others. */
  leave(child: Child, nowMs: number): void {
    this.#gcra.giveBack(this.#passes.get(child)?.startsMs ?? [], nowMs);
    this.#passes.delete(child);
  }

  /** A child has asked for so many in an epoch; what it asked for in an earlier one it asks for again. */
  ask(child: Child, { epoch, asked, ahead }: Pick<WantsMessage, 'epoch' | 'asked' | 'ahead'>): void {
    const pass = this.#passes.get(child);
    if (pass === undefined || epoch !== this.#epoch) return;
    pass.asked = asked;
    pass.ahead = ahead;
  }

  /** Makes all permits void that may not have been used yet; from `atMs` on there may be others. */
  begin(nowMs: number, atMs: number): void {
    const unused = this.#passes.values().flatMap(({ startsMs }) => startsMs.filter((startMs) => startMs > nowMs));
    this.#gcra.restart(nowMs, atMs, [...unused]);
    this.#epoch += 1;
    for (const [child, { isOpen }] of this.#passes) this.#passes.set(child, newPass(isOpen));
  }

  /** Hands out what is due or nearly due, to those who ask, at most so many. */
  grant(nowMs: number, atMost: number): Map<Child, Grant> {
    const grants = new Map<Child, Grant>();
    // What was not asked for by then is with those who had permits in advance: it is not to be made up for as well.
    this.#gcra.skip(Math.min(nowMs, this.#aheadUntilMs));
    this.#grantAsked(grants, nowMs, atMost);
    if (atMost === Number.POSITIVE_INFINITY) this.#grantAhead(grants, nowMs);
    for (const pass of this.#passes.values()) pass.ahead = 0;
    // Those in advance are over so soon that they are not worth giving back.
    for (const [child, { startsMs }] of grants) if (startsMs.length > 0) this.#note(child, startsMs, nowMs);
    this.#takeTurns();
    return grants;
  }

  /** When there will be something to hand out; infinite where nobody asks. */
  nextMs(nowMs: number): number {
    return this.isAsked ? Math.max(nowMs, this.#gcra.nextMs(nowMs) - LEASE_MS / 2) : Number.POSITIVE_INFINITY;
  }

  #grantAsked(grants: Map<Child, Grant>, nowMs: number, atMost: number): void {
    const hungry = [...this.#passes].filter(([, pass]) => isHungry(pass));
    deal(hungry, atMost, ([child, pass]) => {
      const startMs = this.#gcra.take(nowMs, nowMs + LEASE_MS);
      if (startMs === undefined) return 'none';
      pass.granted += 1;
      // One that is made up for is as good as new to whoever gets it.
      grantTo(grants, child).startsMs.push(Math.max(startMs, nowMs));
      return isHungry(pass) ? 'more' : 'enough';
    });
  }

  /** Only where nobody waits: it is what would be left over. */
  #grantAhead(grants: Map<Child, Grant>, nowMs: number): void {
    const wanting = [...this.#passes].filter(([, { ahead, isOpen }]) => isOpen && ahead > 0);
    if (wanting.length === 0 || this.isAsked || !Number.isFinite(this.#perSecond)) return;
    const most = Math.floor((this.#perSecond * AHEAD_SHARE) / this.#passes.size);
    if (most === 0) return;
    for (const [, pass] of wanting) pass.ahead = Math.min(pass.ahead, most);
    this.#gcra.skip(nowMs);
    deal(wanting, Number.POSITIVE_INFINITY, ([child, pass]) => {
      const startMs = this.#gcra.take(nowMs, nowMs + AHEAD_MS);
      if (startMs === undefined) return 'none';
      pass.ahead -= 1;
      grantTo(grants, child).aheadMs.push(startMs);
      this.#aheadUntilMs = startMs + AHEAD_MS;
      return pass.ahead > 0 ? 'more' : 'enough';
    });
  }

  #note(child: Child, startsMs: readonly number[], nowMs: number): void {
    const pass = this.#passes.get(child);
    if (pass !== undefined) pass.startsMs = [...pass.startsMs, ...startsMs].filter((startMs) => startMs > nowMs);
  }

  /** Who was first is last the next time. */
  #takeTurns(): void {
    const [first] = this.#passes;
    if (first === undefined || this.#passes.size === 1) return;
    this.#passes.delete(first[0]);
    this.#passes.set(...first);
  }
}

function grantTo<Child>(grants: Map<Child, Grant>, child: Child): Grant {
  const grant = grants.get(child) ?? { startsMs: [], aheadMs: [] };
  grants.set(child, grant);
  return grant;
}

/** Serves all in turns, at most so often, until there is nothing left (`none`) or everybody has enough. */
function deal<Each>(all: Each[], atMost: number, serve: (each: Each) => 'more' | 'enough' | 'none'): void {
  let turn = 0;
  for (let left = atMost; left > 0; left -= 1) {
    const each = all[turn];
    if (each === undefined) return;
    const then = serve(each);
    if (then === 'none') return;
    if (then === 'more') turn += 1;
    else all.splice(turn, 1);
    if (turn >= all.length) turn = 0;
  }
}
