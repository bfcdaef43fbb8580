import { machineMs } from '../channel/machine-clock.ts';
import type { LogLevel, ResultsMessage, WantsMessage } from '../channel/protocol.ts';
import type { FlowAccount } from '../flow/flow-account.ts';
import { Gate } from '../flow/gate.ts';
import type { GateSettings, GateState } from '../flow/gate-terms.ts';
import type { EventKind } from '../metrics/run-event.ts';
import type { ChildSlot } from './child-slot.ts';

/** What the gate's words lead to. */
export interface GatekeeperEvents {
  event(kind: EventKind, level: LogLevel, message: string): void;
  /** The run cannot go on. */
  onStop(reason: string): void;
}

/** Node turns a longer timer into one of 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Stands between the gate, which has no clock and sends nothing, and the children: does what each of its turns says. */
export class Gatekeeper {
  readonly #gate: Gate<ChildSlot>;
  readonly #events: GatekeeperEvents;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: GateSettings, events: GatekeeperEvents) {
    this.#gate = new Gate(settings, machineMs());
    this.#events = events;
  }

  get canary(): number | undefined {
    return this.#gate.canary;
  }

  get isOutage(): boolean {
    return this.#gate.isOutage;
  }

  get isInDoubt(): boolean {
    return this.#gate.isInDoubt;
  }

  account(): FlowAccount {
    return this.#gate.account(machineMs());
  }

  change(settings: GateSettings): void {
    this.#gate.change(settings, machineMs());
    this.#turn();
  }

  state(): GateState {
    return this.#gate.state(machineMs());
  }

  join(slot: ChildSlot): void {
    this.#gate.join(slot);
    this.#turn();
  }

  leave(slot: ChildSlot): void {
    this.#gate.leave(slot, machineMs());
    this.#turn();
  }

  sendCanary(rows: number, isRest: boolean): void {
    if (rows > 0) this.#gate.sendCanary(rows, isRest);
    else this.#gate.endCanary();
    this.#turn();
  }

  take(slot: ChildSlot, message: WantsMessage | ResultsMessage): void {
    if (message.type === 'wants') this.#gate.takeWants(slot, message);
    else this.#gate.takeResults(slot, message, machineMs());
    this.#turn();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #turn(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    const nowMs = machineMs();
    const { send, notes, nextMs, stop } = this.#gate.turn(nowMs, (slot) => slot.held > 0);
    for (const { child, message } of send) child.tell(message);
    for (const { kind, level, message } of notes) this.#events.event(kind, level, message);
    if (stop !== undefined) {
      this.close();
      this.#events.onStop(stop);
      return;
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#turn(), Math.min(LONGEST_TIMER_MS, Math.max(1, nextMs - nowMs)));
  }
}
