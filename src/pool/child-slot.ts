import { chunkOf } from '../channel/chunk.ts';
import type {
  ChannelMessage,
  ChildMessage,
  ChildSettings,
  FlowMessage,
  LogLevel,
  PermitsMessage,
  ResultsMessage,
  TokenMessage,
  WantsMessage,
} from '../channel/protocol.ts';
import { ProtocolError } from '../errors.ts';
import type { ChildLife, LiveChild } from '../metrics/child-life.ts';
import { Acknowledged } from './acknowledged.ts';
import { type ChunkPlan, HELD_MS } from './chunk-plan.ts';
import type { Death, ForkedChild } from './forked-child.ts';
import { RowRate } from './row-rate.ts';
import type { PooledRow } from './work-queue.ts';

/**
 * - starting: forked, not heard of yet
 * - working: takes chunks
 * - ending: told that no more will come
 * - free: all that it sent is written; it is leaving
 * - gone
 */
export type SlotState = 'starting' | 'working' | 'ending' | 'free' | 'gone';

/** What a slot tells the pool. */
export interface SlotEvents {
  onReady(slot: ChildSlot): void;
  /** Settles what a message carries; resolves when it is written. `rows` are those that it settles, in its order. */
  onChannel(slot: ChildSlot, message: ChannelMessage, rows: PooledRow[]): Promise<void>;
  /** Something of this slot was written, so that it has credit again. */
  onWritten(slot: ChildSlot): void;
  /** `before` is the state in which it ended. */
  onClose(slot: ChildSlot, death: Death, before: SlotState): void;
  /** The token of this serial was refused: the child waits for a token message. */
  onRefused(slot: ChildSlot, serial: number): void;
  /** An answer came that ends the run. */
  onHalt(slot: ChildSlot, reason: string): void;
  /** What the child asks of the gate, or tells it. */
  onFlow(slot: ChildSlot, message: WantsMessage | ResultsMessage): void;
  /** The run cannot go on. */
  onError(error: unknown): void;
}

/** So many rows that wait for their next attempt are held beside the window at most. */
const MAX_WAITING = 1000;

/** The parent's picture of one child: its state, and what it holds. */
export class ChildSlot {
  readonly #child: ForkedChild;
  readonly #events: SlotEvents;
  readonly #held = new Map<number, PooledRow>();
  /** As it told last; before that, as many as it may have. */
  #toldInFlight: number;
  #ok = 0;
  #failed = 0;
  /** Rows whose output has come but is not written. */
  #unwritten = 0;
  readonly #countsUnwritten: boolean;
  readonly #acknowledged = new Acknowledged();
  readonly #rate = new RowRate(performance.now());
  #state: SlotState = 'starting';
  #hasFinished = false;
  #isRetired = false;
  /** Rows that wait for their next attempt, when it was last heard of. */
  #waiting = 0;
  /** Turns of the pool's watch since it was last heard of. */
  #silentTurns = 0;
  #busyLimitMs = 0;
  /** True while it is to get, or has, one suspected row and nothing else. */
  isReserved = false;

  /** `settings` are taken when it is ready for them. */
  constructor(child: ForkedChild, settings: () => ChildSettings, events: SlotEvents) {
    this.#child = child;
    this.#events = events;
    this.#toldInFlight = settings().requestsPerProcess;
    this.#countsUnwritten = settings().order === 'arrival';
    child.listen({
      onMessage: (message) => this.#take(message, settings),
      onClose: (death) => this.#close(death),
    });
  }

  get state(): SlotState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Rows handed over whose output is not written; where output waits for its turn, those that the child works on: who
   * waits for others must not keep them from being given out.
   */
  get held(): number {
    return this.#held.size + this.unwritten;
  }

  /** Rows whose output has come and is not written; none where it waits for its turn. */
  get unwritten(): number {
    return this.#countsUnwritten ? this.#unwritten : 0;
  }

  holds(position: number): boolean {
    return this.#held.has(position);
  }

  /** The position of the last row in the list that it holds and has not settled. */
  get lastHeld(): number | undefined {
    return this.#held.size === 0 ? undefined : Math.max(...this.#held.keys());
  }

  /** Lets the child ask for the rows up to this one, whatever is unwritten: others wait for them. */
  hurry(position: number): void {
    this.#child.send({ type: 'hurry', position });
  }

  /** Requests that it has in flight: what it holds and does not wait with, and no more than it told last. */
  get inFlight(): number {
    return Math.min(this.#toldInFlight, Math.max(0, this.#held.size - this.#waiting));
  }

  /** What it is doing. */
  get now(): LiveChild {
    const { pid, state, held, inFlight } = this;
    return { pid, state, held, inFlight, ok: this.#ok, failed: this.#failed };
  }

  /** What it did, were it gone at that time, in milliseconds since the epoch. */
  lifeAt(to: number, end: string): ChildLife {
    return { pid: this.pid ?? 0, from: this.#child.forkedAt, to, ok: this.#ok, failed: this.#failed, end };
  }

  /** Whether it holds rows that are not settled. */
  get isAsking(): boolean {
    return this.#held.size > 0;
  }

  /** Whether it has settled anything: then it is not sick from its birth. */
  get isProven(): boolean {
    return this.#ok + this.#failed > 0;
  }

  /** Whether it holds rows that were with a child that died. */
  get holdsSuspected(): boolean {
    return this.#held.values().some(({ suspicion }) => suspicion.deaths > 0);
  }

  /**
   * How many more rows it may be given. Its rate is that of what is written, so that a slow disk slows it, too; where output
   * waits for its turn, that says nothing of the child, and it has the usual window.
   */
  credit({ window, widest }: Pick<ChunkPlan, 'window' | 'widest'>): number {
    if (this.#state !== 'working' || this.#child.isCongested) return 0;
    const ahead = this.#countsUnwritten ? Math.min(widest, this.#rate.rowsIn(HELD_MS)) : 0;
    // Who waits for the next attempt keeps nobody busy: a child of which many wait gets others meanwhile.
    return Math.max(window, ahead) - this.held + Math.min(this.#waiting, MAX_WAITING, this.#held.size);
  }

  give(rows: PooledRow[]): void {
    for (const pooled of rows) this.#held.set(pooled.row.position, pooled);
    this.#child.send(chunkOf(rows.map(({ row }) => row)));
    if (this.#child.isCongested) void this.#child.whenClear().then(() => this.#events.onWritten(this));
  }

  /** Gives the child a token, or what the gate allows. */
  tell(message: TokenMessage | FlowMessage | PermitsMessage): void {
    if (this.#state === 'working' || this.#state === 'ending') this.#child.send(message);
  }

  /** Tells the child that nothing more will come; with `isStop`, to begin no other request either. */
  end(isStop: boolean): void {
    if (this.#state !== 'working' && !(isStop && this.#state === 'ending')) return;
    this.#state = 'ending';
    this.#child.send({ type: isStop ? 'stop' : 'end' });
  }

  /** Gives it nothing more, and lets it leave when it has done what it holds. */
  retire(): void {
    this.#isRetired = true;
    this.end(false);
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** How much it logs from now on; one that is not ready yet hears it with its settings. */
  setLogLevel(level: LogLevel): void {
    if (this.#state === 'working' || this.#state === 'ending') this.#child.send({ type: 'log_level', level });
  }

  /** One turn of the pool's watch; gives how many have passed since the child was last heard of. */
  countSilence(): number {
    this.#silentTurns += 1;
    return this.#silentTurns;
  }

  /** How much longer than usual it may be silent now, in milliseconds: it said that it would be. */
  get busyLimitMs(): number {
    return this.#busyLimitMs;
  }

  kill(): void {
    if (this.#state !== 'gone') this.#child.kill();
  }

  /** Ends a child that is not heard of. */
  killSilent(): void {
    if (this.#state !== 'gone') this.#child.killSilent();
  }

  /** Takes away what it held and had not settled. */
  takeHeld(): PooledRow[] {
    const rows = [...this.#held.values()];
    this.#held.clear();
    return rows;
  }

  #take(message: ChildMessage, settings: () => ChildSettings): void {
    this.#silentTurns = 0;
    this.#busyLimitMs = message.type === 'busy' ? message.limitMs : 0;
    switch (message.type) {
      case 'ready':
        this.#state = 'working';
        this.#child.send({ type: 'start', settings: settings() });
        if (this.#isRetired) this.end(false);
        this.#events.onReady(this);
        return;
      case 'data':
        this.#ok += message.positions.length;
        this.#pass(message, message.positions);
        return;
      case 'exception':
        this.#failed += message.failures.length;
        this.#pass(
          message,
          message.failures.map(({ position }) => position),
        );
        return;
      case 'log':
        this.#pass(message, []);
        return;
      case 'alive':
        this.#waiting = message.waiting;
        if (message.waiting > 0) this.#events.onWritten(this);
        return;
      case 'busy':
        return;
      case 'refused':
        this.#events.onRefused(this, message.serial);
        return;
      case 'wants':
      case 'results':
        if (message.type === 'results') this.#toldInFlight = message.inFlight;
        this.#events.onFlow(this, message);
        return;
      case 'halt':
        this.#events.onHalt(this, message.reason);
        return;
      case 'finished':
        this.#hasFinished = true;
        this.#freeIfDone();
        return;
      default:
        message satisfies never;
    }
  }

  #pass(message: ChannelMessage, positions: number[]): void {
    let rows: PooledRow[];
    try {
      rows = positions.map((position) => this.#settle(position));
    } catch (error) {
      this.#events.onError(error);
      return;
    }
    this.#unwritten += rows.length;
    this.#acknowledged.expect(message);
    this.#events.onChannel(this, message, rows).then(
      () => {
        this.#unwritten -= rows.length;
        this.#rate.count(rows.length, performance.now());
        const sequence = this.#acknowledged.take(message.sequence);
        if (sequence !== undefined) this.#child.send({ type: 'written', sequence });
        this.#events.onWritten(this);
        this.#freeIfDone();
      },
      (error: unknown) => this.#events.onError(error),
    );
  }

  /** A row is settled only by the child that holds it: what comes from anyone else would be written twice. */
  #settle(position: number): PooledRow {
    const pooled = this.#held.get(position);
    if (pooled === undefined) {
      throw new ProtocolError(`child ${this.pid} settled row ${position}, which it does not hold`);
    }
    this.#held.delete(position);
    return pooled;
  }

  #freeIfDone(): void {
    if (!this.#hasFinished || this.#acknowledged.isWaiting || this.#state !== 'ending') return;
    this.#state = 'free';
    this.#child.send({ type: 'free' });
  }

  #close(death: Death): void {
    const before = this.#state;
    this.#state = 'gone';
    this.#events.onClose(this, death, before);
  }
}
