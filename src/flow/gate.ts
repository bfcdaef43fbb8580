import type { FlowMessage, Quota, ResultsMessage, Sign, WantsMessage } from '../channel/protocol.ts';
import { Breaker } from './breaker.ts';
import { Canary } from './canary.ts';
import { FlightControl } from './flight-control.ts';
import { type FlowAccount, flowAccountOf } from './flow-account.ts';
import { FlowStats } from './flow-stats.ts';
import type { Bound, GateSettings, GateState, GateTurn } from './gate-terms.ts';
import { canaryWords, impatientWords, waitWords } from './gate-words.ts';
import { Hold, type HoldChange } from './hold.ts';
import { PermitDesk } from './permit-desk.ts';
import { QuotaPace } from './quota-pace.ts';
import { RateControl } from './rate-control.ts';
import { sharesOf } from './shares.ts';

/** A child's place. */
interface Seat {
  inFlight: number;
  /** What it was last told. */
  told: FlowMessage | undefined;
  hasProbe: boolean;
}

/** Results are told so often; while the next step depends on them, at once. */
const REPORT_MS = 100;
const PROMPT_REPORT_MS = 2;
/** Where not every child can have a request in flight, they take turns of this length. */
const TURN_MS = 500;
/** While a limit grows, it is looked at so often. */
const GROWTH_MS = 100;

/**
 * The one gate through which all children's requests go: it decides how many are in flight, how fast they may follow each
 * other, when nobody may ask, and when it is of no use to go on. It holds no timers and sends nothing itself: who has it
 * tells it what came and what time it is (`machineMs`), and does what a turn says.
 */
export class Gate<Child> {
  readonly #stats: FlowStats;
  #settings: GateSettings;
  readonly #seats = new Map<Child, Seat>();
  readonly #desk = new PermitDesk<Child>();
  readonly #hold: Hold;
  readonly #breaker: Breaker;
  readonly #canary: Canary;
  readonly #flight: FlightControl;
  readonly #rate: RateControl;
  readonly #quota: QuotaPace;
  #needsPermits = false;
  #notes: GateTurn<Child>['notes'] = [];
  #lastReason = '';
  #stop: string | undefined;

  /** `random` gives at least 0 and less than 1. */
  constructor(settings: GateSettings, nowMs: number, random: () => number = Math.random) {
    const { patienceMs, canary } = settings;
    this.#settings = settings;
    this.#stats = new FlowStats(nowMs);
    this.#hold = new Hold(patienceMs, random);
    this.#breaker = new Breaker(patienceMs);
    this.#canary = new Canary(canary, settings.expectsRefusals);
    this.#flight = new FlightControl(this.#maxInFlight, nowMs);
    this.#rate = new RateControl(nowMs);
    this.#quota = new QuotaPace(this.#maxInFlight, patienceMs);
  }

  /** Takes over other bounds and another rate, from now on; patience and canary stay as they were. */
  change(settings: GateSettings, nowMs: number): void {
    const isSlower = settings.perSecond < this.#settings.perSecond;
    this.#settings = settings;
    this.#flight.max = this.#maxInFlight;
    // Half a second's permits at the rate of before are with the children.
    if (isSlower) this.#voidPermits(nowMs);
  }

  /** Customers that are to be sent out before all others; undefined where that is over. */
  get canary(): number | undefined {
    return this.#canary.isUndecided ? this.#settings.canary : undefined;
  }

  /** True while nobody is asked but to see whether the endpoint is back. */
  get isOutage(): boolean {
    return this.#breaker.isOpen;
  }

  /** True while failures may well be the endpoint's. */
  get isInDoubt(): boolean {
    return this.#breaker.isOpen || this.#canary.verdict !== 'passed';
  }

  join(child: Child): void {
    this.#seats.set(child, { inFlight: 0, told: undefined, hasProbe: false });
    this.#desk.join(child);
  }

  /** What it has not used goes to others; what a canary is missing with it will not be known. */
  leave(child: Child, nowMs: number): void {
    this.#loseProbeOf(this.#seats.get(child));
    if (this.#seats.delete(child)) this.#canary.pass();
    this.#desk.leave(child, nowMs);
  }

  /** The canary was sent out: so many customers, fewer than wanted only where the list has no more. */
  sendCanary(size: number, isRest = false): void {
    this.#canary.send(size, isRest);
  }

  /** The canary is done with, whatever it told. */
  endCanary(): void {
    this.#canary.end();
  }

  takeWants(child: Child, message: WantsMessage): void {
    this.#desk.ask(child, message);
    const { missed } = message;
    if (missed === 0) return;
    this.#canary.countGranted(-missed);
    this.#loseProbeOf(this.#seats.get(child));
  }

  takeResults(child: Child, message: ResultsMessage, nowMs: number): void {
    const { signs, firsts, read, mayPass, own, refusals, latencies, lastReason, quota } = message;
    const { well = 0, limited = 0, overload = 0 } = signs;
    const seat = this.#seats.get(child);
    if (seat !== undefined) seat.inFlight = message.inFlight;
    this.#lastReason = lastReason ?? this.#lastReason;
    this.#stats.take(message, nowMs);
    // Those who are asked again, and tell nothing new, take nothing from those who are still to be asked.
    this.#canary.countGranted(sumOf(firsts) - sumOf(signs));
    this.#canary.take(read, mayPass, refusals);
    this.#rate.answered(well, nowMs);
    if (well > 0) {
      this.#hold.answered(nowMs);
      this.#breaker.answered(nowMs);
    }
    if (quota !== undefined) this.#takeQuota(quota, nowMs);
    if (own > 0) this.#rate.acquit();
    if (limited > 0) this.#takeLimited(message.retryAfterMs, nowMs);
    if (this.#breaker.isOpen) this.#takeProbe(seat, message, nowMs);
    else {
      this.#flight.take({ well, overload, latencies, lagMs: message.lagMs }, nowMs);
      this.#takeFirsts(message, nowMs);
    }
  }

  /** What follows from all that was told; `isBusy` says whether a child has anything to ask for. */
  turn(nowMs: number, isBusy: (child: Child) => boolean): GateTurn<Child> {
    this.#giveUp(nowMs);
    this.#setMode(nowMs);
    const send = [...this.#tellFlow(nowMs, isBusy), ...this.#grant(nowMs)];
    const notes = this.#notes;
    this.#notes = [];
    return { send, notes, nextMs: this.#nextMs(nowMs), stop: this.#stop };
  }

  state(nowMs: number): GateState {
    const { processCount, requestsPerProcess, isAdaptive } = this.#settings;
    return {
      mayFly: this.#mayFly(nowMs),
      inFlight: this.#inFlight,
      maxInFlight: this.#maxInFlight,
      ...{ processCount, requestsPerProcess, isStarting: isAdaptive && this.#flight.isStarting },
      perSecond: this.#perSecond(nowMs),
      heldMs: Math.max(0, this.#hold.untilMs - nowMs),
      boundBy: this.#boundBy(nowMs),
    };
  }

  /** What the endpoint was found to be like so far. */
  account(nowMs: number): FlowAccount {
    return flowAccountOf(this.#stats, this.#settings, this.#boundBy(nowMs));
  }

  #boundBy(nowMs: number): Bound {
    if (this.#breaker.isOpen) return 'outage';
    if (this.#hold.isOn(nowMs)) return 'hold';
    if (this.#canary.isUndecided) return 'canary';
    const allowed = this.#settings.perSecond;
    const perSecond = this.#perSecond(nowMs);
    if (perSecond < allowed) return perSecond === this.#quota.perSecond(nowMs) ? 'quota' : 'endpoint';
    if (Number.isFinite(allowed)) return 'rate_limit';
    return this.#mayFly(nowMs) < this.#maxInFlight ? 'endpoint' : 'bounds';
  }

  get #maxInFlight(): number {
    return this.#settings.processCount * this.#settings.requestsPerProcess;
  }

  get #inFlight(): number {
    return this.#seats.values().reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  #mayFly(nowMs: number): number {
    return this.#settings.isAdaptive ? this.#flight.inFlight(nowMs) : this.#maxInFlight;
  }

  #perSecond(nowMs: number): number {
    const { perSecond, isAdaptive } = this.#settings;
    const found = isAdaptive ? this.#rate.perSecond(nowMs) : Number.POSITIVE_INFINITY;
    return Math.min(perSecond, found, this.#quota.perSecond(nowMs));
  }

  #takeQuota(quota: Quota, nowMs: number): void {
    const waitMs = this.#quota.take(quota, this.#inFlight, nowMs);
    if (waitMs !== undefined) this.#holdFor(waitMs, nowMs, 'the quota of the endpoint is used up');
  }

  /** The rate is judged by the first answer of an event: those that come in meanwhile were asked for at the same rate. */
  #takeLimited(retryAfterMs: number | undefined, nowMs: number): void {
    const { isNew, untilMs } = this.#holdFor(
      retryAfterMs,
      nowMs,
      `the endpoint asks for a pause (${this.#lastReason})`,
    );
    if (isNew && this.#settings.isAdaptive) this.#rate.broke(nowMs, untilMs);
  }

  #holdFor(waitMs: number | undefined, nowMs: number, why: string): HoldChange {
    const change = this.#hold.limited(waitMs, nowMs);
    const words = waitWords(change.untilMs - nowMs);
    if (change.isTooLong) this.#stop ??= impatientWords(`${why} for ${words} more`, this.#settings.patienceMs);
    if (change.isNew) {
      this.#stats.holds += 1;
      this.#notes.push({ kind: 'held', level: 'info', message: `Held for ${words}: ${why}` });
    }
    this.#voidPermits(nowMs);
    return change;
  }

  /** Those that were not used yet. */
  #voidPermits(nowMs: number): void {
    this.#desk.begin(nowMs, this.#hold.untilMs);
    // A probe's, too: where it was not used, nothing will be heard of it.
    this.#breaker.loseProbe();
  }

  #takeFirsts({ firsts }: ResultsMessage, nowMs: number): void {
    if (this.#canary.isUndecided || !this.#breaker.takeFirsts(doubtful(firsts), firsts.well ?? 0, nowMs)) return;
    this.#stats.outages += 1;
    this.#desk.begin(nowMs, nowMs);
    const message = `Almost everything fails (${this.#lastReason}): asking for one customer at a time until the endpoint is back`;
    this.#notes.push({ kind: 'breaker', level: 'warn', message });
  }

  #takeProbe(seat: Seat | undefined, { signs }: ResultsMessage, nowMs: number): void {
    // What was in flight when it opened is no probe, and says nothing new unless it is an answer.
    const failed = seat?.hasProbe ? doubtful(signs) : 0;
    if (seat !== undefined && failed + (signs.limited ?? 0) > 0) seat.hasProbe = false;
    if (!this.#breaker.takeProbe(failed, signs.limited ?? 0, signs.well ?? 0, nowMs)) return;
    for (const each of this.#seats.values()) each.hasProbe = false;
    this.#flight.restart(nowMs);
    this.#notes.push({ kind: 'breaker', level: 'warn', message: 'The endpoint answers again: going on' });
  }

  #giveUp(nowMs: number): void {
    const { verdict } = this.#canary;
    if (typeof verdict === 'object') this.#stop ??= canaryWords(verdict.refused, verdict.count);
    if (nowMs < this.#breaker.impatientMs) return;
    const { patienceMs } = this.#settings;
    this.#stop ??= impatientWords(`the endpoint is out of order (${this.#lastReason})`, patienceMs);
  }

  #setMode(nowMs: number): void {
    const perSecond = this.#perSecond(nowMs);
    this.#desk.perSecond = perSecond;
    const isWaiting = this.#breaker.isOpen || this.#canary.isUndecided || this.#hold.isOn(nowMs);
    const needsPermits = isWaiting || Number.isFinite(perSecond);
    if (needsPermits === this.#needsPermits) return;
    this.#needsPermits = needsPermits;
    this.#desk.begin(nowMs, this.#hold.untilMs);
  }

  #tellFlow(nowMs: number, isBusy: (child: Child) => boolean): GateTurn<Child>['send'] {
    const { requestsPerProcess: max, isAdaptive } = this.#settings;
    const sharers = [...this.#seats.keys()].map((child) => ({ max, isBusy: isBusy(child) }));
    const shares = sharesOf(this.#mayFly(nowMs), sharers, Math.floor(nowMs / TURN_MS));
    const isProvisional = this.#canary.isUndecided || this.#breaker.isOpen || (isAdaptive && this.#flight.isStarting);
    const common = {
      type: 'flow',
      epoch: this.#desk.epoch,
      needsPermits: this.#needsPermits,
      reportMs: isProvisional ? PROMPT_REPORT_MS : REPORT_MS,
    } as const;
    return [...this.#seats].flatMap(([child, seat], i) => {
      const message: FlowMessage = { ...common, inFlight: shares[i] ?? 0 };
      if (isSame(seat.told, message)) return [];
      seat.told = message;
      this.#desk.setOpen(child, message.inFlight > 0);
      return [{ child, message }];
    });
  }

  #grant(nowMs: number): GateTurn<Child>['send'] {
    if (!this.#needsPermits) return [];
    const granted = this.#desk.grant(nowMs, this.#grantable(nowMs));
    const epoch = this.#desk.epoch;
    return [...granted].map(([child, grant]) => {
      this.#canary.countGranted(grant.startsMs.length);
      if (this.#breaker.isOpen) this.#giveProbe(child);
      return { child, message: { type: 'permits', epoch, ...grant } };
    });
  }

  #giveProbe(child: Child): void {
    const seat = this.#seats.get(child);
    if (seat !== undefined) seat.hasProbe = true;
    this.#breaker.probe();
  }

  /** Nothing will come of a child's probe. */
  #loseProbeOf(seat: Seat | undefined): void {
    if (seat?.hasProbe !== true) return;
    seat.hasProbe = false;
    this.#breaker.loseProbe();
  }

  /** How many permits may be handed out now. */
  #grantable(nowMs: number): number {
    if (this.#breaker.isOpen) return nowMs >= this.#breaker.nextProbeMs ? 1 : 0;
    return this.#canary.grantable;
  }

  #nextMs(nowMs: number): number {
    const isScarce = this.#mayFly(nowMs) < this.#seats.size;
    const isGrowing = this.#settings.isAdaptive && (this.#flight.isGrowing || this.#rate.isGrowing);
    const times = [
      this.#breaker.impatientMs,
      this.#grantable(nowMs) > 0 ? this.#desk.nextMs(nowMs) : Number.POSITIVE_INFINITY,
      this.#desk.isAsked ? this.#breaker.nextProbeMs : Number.POSITIVE_INFINITY,
      ...[this.#hold.untilMs, this.#quota.untilMs].filter((it) => it > nowMs),
      isScarce ? nowMs + TURN_MS : Number.POSITIVE_INFINITY,
      isGrowing ? nowMs + GROWTH_MS : Number.POSITIVE_INFINITY,
    ];
    return Math.min(...times);
  }
}

/** Attempts that say that everybody's may fail. */
const doubtful = ({ refused = 0, overload = 0, down = 0 }: Partial<Record<Sign, number>>): number =>
  refused + overload + down;

const sumOf = (counts: Partial<Record<Sign, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const isSame = (a: FlowMessage | undefined, b: FlowMessage): boolean =>
  a?.epoch === b.epoch && a.inFlight === b.inFlight && a.needsPermits === b.needsPermits && a.reportMs === b.reportMs;
