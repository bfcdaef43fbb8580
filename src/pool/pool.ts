import { availableParallelism } from 'node:os';
import type { ChannelMessage, ResultsMessage, TokenMessage, WantsMessage } from '../channel/protocol.ts';
import { PoolError, StopError } from '../errors.ts';
import type { FlowAccount } from '../flow/flow-account.ts';
import type { GateState } from '../flow/gate-terms.ts';
import type { LiveChild } from '../metrics/child-life.ts';
import { AskedOnce } from './asked-once.ts';
import { ChildSlot, type SlotState } from './child-slot.ts';
import { spanOf } from './chunk-plan.ts';
import { describeDeath, hasFinished, howEnded } from './describe-death.ts';
import { Failures } from './failures.ts';
import { Feeder } from './feeder.ts';
import { type Death, ForkedChild } from './forked-child.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { Hurry } from './hurry.ts';
import { InOrder } from './in-order.ts';
import { Intake } from './intake.ts';
import { gateSettingsOf, type PoolOptions, type PoolOwner, planOf } from './pool-options.ts';
import { deathWeight, diedQuickly, restWords } from './restart-policy.ts';
import { Restarts } from './restarts.ts';
import { givenUpBy, type Settled, settledBy } from './settled.ts';
import { Settlements } from './settlements.ts';
import { watchSilence } from './silence-watch.ts';
import { type SortedRows, sortHeld } from './sort-held.ts';
import { STOP_LIMIT_MS } from './stop-limit.ts';
import { type PooledRow, WorkQueue } from './work-queue.ts';

/** Where the output is in the order of the list, the row that all wait for is looked for so often. */
const HURRY_MS = 500;

/** So many children start at a time: hundreds at once would leave the parent no time to hear of anything else. */
const MOST_STARTING = Math.max(8, 2 * availableParallelism());

/** Rows go in, settled rows come out; in between, children that may die at any moment. */
export class Pool {
  #options: PoolOptions;
  readonly #owner: PoolOwner;
  readonly #queue: WorkQueue;
  readonly #slots = new Set<ChildSlot>();
  readonly #feeder: Feeder;
  /** Where the output is in the order of the list. */
  readonly #order: InOrder | undefined;
  readonly #settlements: Settlements;
  readonly #hurry: Hurry | undefined;
  readonly #gatekeeper: Gatekeeper;
  readonly #failures: Failures;
  readonly #done = Promise.withResolvers<void>();
  #mode: 'working' | 'stopping' | 'failed' | 'done' = 'working';
  #error: unknown;
  readonly #restarts: Restarts<ChildSlot>;
  #stopTimer: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions, owner: PoolOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#gatekeeper = new Gatekeeper(gateSettingsOf(options), {
      event: (kind, level, message) => owner.event(kind, level, message),
      onStop: (reason) => this.stop(new StopError(reason)),
    });
    const feed = () => this.#feeder.feed();
    const write = (settled: Settled) => this.#settlements.write(settled);
    const onError = (error: unknown) => this.#fail(error);
    this.#restarts = new Restarts({
      processCount: () => this.#options.processCount,
      onRest: (pauseMs, deaths) => owner.note('warn', restWords(pauseMs, deaths)),
      onRested: feed,
    });
    this.#order =
      options.child.order === 'arrival'
        ? undefined
        : new InOrder(
            (settled) => owner.settle(settled),
            () => spanOf(planOf(this.#options)),
            feed,
          );
    const order = this.#order;
    const once = options.once && new AskedOnce(options.once);
    this.#settlements = new Settlements({
      settle: (settled) => owner.settle(settled),
      order,
      once,
      onWaiting: (isMuch) => {
        if (isMuch) this.#hurry?.look();
        // Who settled it has a place for another row, though it may be long before it is written.
        feed();
      },
      onAllWritten: () => this.#leaveIfEmpty(),
    });
    const intake = new Intake({
      nextRows: (maxRows) => owner.nextRows(maxRows),
      write,
      onWritten: feed,
      onError,
      order,
      once,
    });
    this.#queue = new WorkQueue(intake);
    this.#feeder = new Feeder({
      queue: this.#queue,
      slots: this.#slots,
      plan: () => planOf(this.#options),
      canary: () => this.#gatekeeper.canary,
      onCanary: (rows, isRest) => this.#gatekeeper.sendCanary(rows, isRest),
      isWorking: () => this.#mode === 'working',
      onWanted: (children) => this.#forkUpTo(children),
      onQuiet: () => this.#endIfSettled(),
      onError,
    });
    this.#failures = new Failures({
      gate: this.#gatekeeper,
      write,
      giveBack: (rows) => this.#queue.giveBack(rows),
      onWritten: () => (this.#mode === 'working' ? feed() : this.#leaveIfEmpty()),
      onError,
    });
    this.#hurry = order && new Hurry(order, this.#slots, this.#feeder);
  }

  /** Resolves when every row is settled, or the pool was stopped and what came is written, and every child is gone; rejects with the first error. */
  async run(): Promise<void> {
    const watch = watchSilence(this.#slots, this.#options.silenceMs, (message) => this.#owner.note('warn', message));
    const hurry = this.#hurry && setInterval(() => this.#hurry?.look(), HURRY_MS);
    try {
      this.#feeder.feed();
      await this.#done.promise;
    } finally {
      clearInterval(watch);
      clearInterval(hurry);
      this.#restarts.close();
      this.#gatekeeper.close();
    }
  }

  /** Takes over what may change while it works: how many children there are, how much they ask and log. */
  change(options: Pick<PoolOptions, 'processCount' | 'child' | 'flow'>): void {
    const { logLevel } = this.#options.child;
    this.#options = { ...this.#options, ...options };
    this.#gatekeeper.change(gateSettingsOf(this.#options));
    if (options.child.logLevel !== logLevel) {
      for (const slot of this.#slots) slot.setLogLevel(options.child.logLevel);
    }
    if (this.#mode !== 'working') return;
    for (const slot of surplusOf([...this.#slots], options.processCount)) slot.retire();
    this.#feeder.feed();
  }

  /** Begins no other request; those in flight may finish, within a limit. With a reason, `run` rejects with it in the end. */
  stop(reason?: StopError): void {
    if (this.#mode !== 'working') return;
    this.#mode = 'stopping';
    this.#error = reason;
    this.#order?.release();
    for (const slot of this.#slots) {
      if (slot.state === 'starting') slot.kill();
      else slot.end(true);
    }
    this.#stopTimer = setTimeout(() => this.kill(), STOP_LIMIT_MS);
    this.#leaveIfEmpty();
  }

  /** Ends every child now; what they held stays unsettled. */
  kill(): void {
    if (this.#mode === 'working') this.#mode = 'stopping';
    for (const slot of this.#slots) slot.kill();
    this.#leaveIfEmpty();
  }

  /** What keeps the requests from being more, or quicker. */
  get flow(): GateState {
    return this.#gatekeeper.state();
  }

  /** What the endpoint was found to be like. */
  get flowAccount(): FlowAccount {
    return this.#gatekeeper.account();
  }

  /** Requests that are in flight, as the children told last. */
  get inFlight(): number {
    return this.flow.inFlight;
  }

  /** Customers whose output has come and is not written, those aside that wait for their turn in the list's order. */
  get unwritten(): number {
    return [...this.#slots].reduce((sum, slot) => sum + slot.unwritten, 0);
  }

  /** Customers that are answered and wait for their turn in the list's order. */
  get waiting(): number {
    return this.#order?.waiting ?? 0;
  }

  /** What each child is doing. */
  get children(): LiveChild[] {
    return [...this.#slots].map((slot) => slot.now);
  }

  /** True once nothing new is begun. */
  get isStopping(): boolean {
    return this.#mode !== 'working';
  }

  /** Gives all children a new token. */
  tellToken(message: TokenMessage): void {
    for (const slot of this.#slots) slot.tell(message);
  }

  /** Process ids of the children that are there, for tests and reports. */
  get pids(): number[] {
    return [...this.#slots].flatMap(({ pid }) => pid ?? []);
  }

  #fail(error: unknown): void {
    if (this.#mode === 'failed' || this.#mode === 'done') return;
    this.#mode = 'failed';
    this.#error = error;
    this.kill();
  }

  #endIfSettled(): void {
    const { isAtEnd, isDry, size } = this.#queue;
    if (size > 0 || !isDry) return;
    // Nobody is left whose answer could tell better.
    const isAsking = [...this.#slots].some((slot) => slot.isAsking);
    if (!isAsking) this.#failures.settleAll();
    if (isAtEnd && this.#failures.inDoubt === 0 && this.#feeder.held === 0 && this.#settlements.areWritten)
      this.#endAll();
  }

  #forkUpTo(wanted: number): void {
    const staying = [...this.#slots].filter((slot) => !slot.isRetired).length;
    const starting = [...this.#slots].filter(({ state }) => state === 'starting').length;
    const room = Math.min(this.#restarts.room(wanted, staying), MOST_STARTING - starting);
    for (let left = room; left > 0; left -= 1) this.#fork();
  }

  #fork(): void {
    const { entry, firstChild, child } = this.#options;
    const forked = firstChild?.take() ?? new ForkedChild(entry, child.connection.httpClient);
    const slot = new ChildSlot(forked, () => this.#options.child, {
      onReady: () => this.#takeReady(slot),
      onChannel: (_, message, rows) => this.#settle(message, rows),
      onWritten: () => this.#feeder.feed(),
      onClose: (_, death, before) => this.#takeDeath(slot, death, before),
      onRefused: (_, serial) => {
        const answer = this.#options.tokens?.refused(serial);
        if (answer !== undefined) slot.tell(answer);
      },
      onFlow: (_, message) => this.#takeFlow(slot, message),
      onHalt: (_, reason) => this.stop(new StopError(reason)),
      onError: (error) => this.#fail(error),
    });
    this.#slots.add(slot);
    this.#restarts.fill(slot);
  }

  #takeReady(slot: ChildSlot): void {
    if (this.#mode !== 'working') {
      slot.end(true);
      return;
    }
    const token = this.#options.tokens?.current;
    if (token !== undefined) slot.tell(token);
    this.#gatekeeper.join(slot);
    this.#feeder.feed();
  }

  #takeFlow(slot: ChildSlot, message: WantsMessage | ResultsMessage): void {
    this.#gatekeeper.take(slot, message);
    if (message.type === 'results') {
      const { signs, latencies } = message;
      this.#owner.attempts({ outcomes: signs, latency: latencies }, this.inFlight);
    }
    if (this.#mode !== 'working' || message.type === 'wants') return;
    this.#failures.takeAnswers(message.signs.well ?? 0);
    this.#feeder.feed();
  }

  async #settle(message: ChannelMessage, rows: PooledRow[]): Promise<void> {
    if (message.type === 'log') return await this.#owner.log(message.lines);
    this.#restarts.settled();
    if (message.type === 'data') return await this.#settlements.write(settledBy(message, rows));
    await this.#failures.take(message, rows);
    // The child is done with those that are held back, but where everybody fails, a slow disk is to slow the requests, too.
    // In the list's order it does so by itself: nothing is read that could not be passed on.
    if (this.#order === undefined) await this.#failures.written;
  }

  #takeDeath(slot: ChildSlot, death: Death, before: SlotState): void {
    this.#slots.delete(slot);
    const isUnneeded = this.#mode !== 'working' && before === 'starting';
    const life = slot.lifeAt(Date.now(), isUnneeded ? 'no longer needed' : howEnded(death, before));
    this.#owner.childGone(life);
    this.#gatekeeper.leave(slot);
    const rows = slot.takeHeld();
    if (this.#mode !== 'working') {
      this.#leaveIfEmpty();
      return;
    }
    if (slot.isRetired && hasFinished(death, before)) {
      this.#restarts.leave(slot);
      this.#owner.note('info', `Child ${slot.pid} left, having done what it held: it is no longer needed`);
      this.#feeder.feed();
      return;
    }
    this.#owner.event('child_died', 'warn', describeDeath(death, before, rows.length));
    const sorted = sortHeld(rows, death);
    this.#giveBack(sorted);
    const areOthersWell = [...this.#slots].some(({ state }) => state === 'working');
    const fall = { weight: deathWeight(death, sorted), isQuick: diedQuickly(life), areOthersWell };
    if (this.#restarts.fall(slot, fall)) this.#feeder.feed();
    else this.#fail(this.#noChildError(death));
  }

  /** Gives back what a dead child held, or gives it up. */
  #giveBack({ again, groups, alone, givenUp }: SortedRows): void {
    this.#queue.giveBack(again);
    for (const group of groups) this.#queue.giveBackGroup(group);
    for (const row of alone) this.#queue.giveBackAlone(row);
    if (givenUp.length === 0) return;
    this.#settlements.write(givenUpBy(givenUp)).then(
      () => this.#feeder.feed(),
      (error: unknown) => this.#fail(error),
    );
  }

  #noChildError(death: Death): PoolError {
    const count = Math.ceil(this.#restarts.deathsInARow);
    const last = describeDeath(death, 'starting', 0);
    return new PoolError(`no child process can be kept alive: ${count} died in a row. The last: ${last}`);
  }

  #endAll(): void {
    this.#mode = 'stopping';
    for (const slot of this.#slots) {
      if (slot.state === 'starting') slot.kill();
      else slot.end(false);
    }
    this.#stopTimer = setTimeout(() => this.kill(), STOP_LIMIT_MS);
    this.#leaveIfEmpty();
  }

  #leaveIfEmpty(): void {
    if (this.#slots.size > 0 || this.#mode === 'done' || this.#mode === 'working') return;
    if (this.#mode === 'stopping' && !this.#gatekeeper.isInDoubt && this.#failures.inDoubt > 0) {
      this.#failures.settleAll();
      return;
    }
    // What children sent before they were gone may still be on its way: how the run ends depends on it, too.
    if (this.#mode === 'stopping' && !this.#settlements.areWritten) return;
    this.#mode = 'done';
    clearTimeout(this.#stopTimer);
    if (this.#error !== undefined) this.#done.reject(this.#error);
    else this.#done.resolve();
  }
}

/** The children beyond so many, those that hold least first: they are the soonest to leave. */
function surplusOf(slots: readonly ChildSlot[], processCount: number): ChildSlot[] {
  const staying = slots.filter((slot) => !slot.isRetired).sort((a, b) => a.held - b.held);
  return staying.slice(0, Math.max(0, staying.length - processCount));
}
