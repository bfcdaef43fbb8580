import { Gcra } from './gcra.ts';

/** What the desk knows of a child. */
interface Pass {
  asked: number;
  granted: number;
  /** False where it has no share at the moment, and would let a permit go to waste. */
  isOpen: boolean;
  /** Starts of permits whose time had not come when it was last looked at. */
  startsMs: number[];
}

const newPass = (isOpen: boolean): Pass => ({ asked: 0, granted: 0, isOpen, startsMs: [] });
const isHungry = ({ asked, granted, isOpen }: Pass): boolean => isOpen && asked > granted;

/** Permits are handed out so long before their time: a process may stand still for a moment, and nothing is lost. */
const LEASE_MS = 200;

/**
 * Hands permits to the children that ask for them, in turns, at a steady rate, in small leases. Within an epoch requests
 * and grants are counted, so that a message under way is never counted twice; a new epoch makes everything void. Times are
 * milliseconds on the machine's clock.
 */
export class PermitDesk<Child> {
  readonly #gcra = new Gcra();
  readonly #passes = new Map<Child, Pass>();
  #epoch = 1;

  get epoch(): number {
    return this.#epoch;
  }

  set perSecond(rate: number) {
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
  ask(child: Child, epoch: number, asked: number): void {
    const pass = this.#passes.get(child);
    if (pass !== undefined && epoch === this.#epoch) pass.asked = asked;
  }

  /** Makes all permits void that may not have been used yet; from `atMs` on there may be others. */
  begin(nowMs: number, atMs: number): void {
    const unused = this.#passes.values().flatMap(({ startsMs }) => startsMs.filter((startMs) => startMs > nowMs));
    this.#gcra.restart(nowMs, atMs, [...unused]);
    this.#epoch += 1;
    for (const [child, { isOpen }] of this.#passes) this.#passes.set(child, newPass(isOpen));
  }

  /** Hands out what is due or nearly due, to those who ask, at most so many. */
  grant(nowMs: number, atMost: number): Map<Child, number[]> {
    const granted = new Map<Child, number[]>();
    let hungry = [...this.#passes].filter(([, pass]) => isHungry(pass));
    for (let left = atMost; left > 0 && hungry.length > 0; left -= 1) {
      const startMs = this.#gcra.take(nowMs, nowMs + LEASE_MS);
      const [next, ...others] = hungry;
      if (startMs === undefined || next === undefined) break;
      const [child, pass] = next;
      pass.granted += 1;
      granted.set(child, [...(granted.get(child) ?? []), startMs]);
      hungry = pass.asked > pass.granted ? [...others, next] : others;
    }
    for (const [child, startsMs] of granted) this.#note(child, startsMs, nowMs);
    this.#takeTurns();
    return granted;
  }

  /** When there will be something to hand out; infinite where nobody asks. */
  nextMs(nowMs: number): number {
    return this.isAsked ? Math.max(nowMs, this.#gcra.nextMs(nowMs) - LEASE_MS / 2) : Number.POSITIVE_INFINITY;
  }

  #note(child: Child, startsMs: readonly number[], nowMs: number): void {
    const pass = this.#passes.get(child);
    if (pass !== undefined) pass.startsMs = [...pass.startsMs.filter((startMs) => startMs > nowMs), ...startsMs];
  }

  /** Who was first is last the next time. */
  #takeTurns(): void {
    const [first] = this.#passes;
    if (first === undefined || this.#passes.size === 1) return;
    this.#passes.delete(first[0]);
    this.#passes.set(...first);
  }
}
