import { machineMs } from '../channel/machine-clock.ts';
import type { ExceptionMessage } from '../channel/protocol.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { asFailed, type DoubtfulFailure, doubtfulOf, HeldBack, mayBeOutage } from './held-back.ts';
import { failedBy, type Settled } from './settled.ts';
import type { PooledRow } from './work-queue.ts';

/** What failures need of the pool. */
export interface FailuresParts {
  /** Whether the endpoint is to blame, or may be. */
  gate: Pick<Gatekeeper, 'isInDoubt' | 'isOutage'>;
  /** Settles rows; resolves when it is written. */
  write(settled: Settled): Promise<void>;
  /** Has rows asked for again. */
  giveBack(rows: PooledRow[]): void;
  /** Some that were held back are written. */
  onWritten(): void;
  onError(error: unknown): void;
}

/** What becomes of rows that children gave up on: they fail at once, later, or are asked for again. */
export class Failures {
  readonly #parts: FailuresParts;
  readonly #heldBack = new HeldBack();
  #written = Promise.resolve();

  constructor(parts: FailuresParts) {
    this.#parts = parts;
  }

  /** Rows whose failure is in doubt: they are neither settled nor to be asked for. */
  get inDoubt(): number {
    return this.#heldBack.size;
  }

  /** Resolves when the last of those are written that were held back and fail after all. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** Settles what is beyond doubt, and holds back the rest; resolves when the former is written. */
  async take(message: ExceptionMessage, rows: readonly PooledRow[]): Promise<void> {
    const { gate, write } = this.#parts;
    const failures = doubtfulOf(message, rows, machineMs());
    const isDoubtful = ({ failure }: DoubtfulFailure) => gate.isInDoubt || mayBeOutage(failure);
    this.#heldBack.add(failures.filter(isDoubtful));
    if (gate.isOutage) this.#giveBackBlameless();
    this.#settle(this.#heldBack.takeSurplus());
    const sure = failures.filter((each) => !isDoubtful(each));
    if (sure.length > 0) await write(failedBy(sure.map(asFailed)));
  }

  /** Answers were told of, so many of them good. */
  takeAnswers(well: number): void {
    if (this.#parts.gate.isOutage) this.#giveBackBlameless();
    else if (well > 0) this.#settle(this.#heldBack.takeOlder(machineMs()));
  }

  /** Nobody is left whose answer could tell better. */
  settleAll(): void {
    this.#settle(this.#heldBack.takeAll());
  }

  #giveBackBlameless(): void {
    this.#parts.giveBack(this.#heldBack.takeBlameless());
  }

  #settle(failures: DoubtfulFailure[]): void {
    if (failures.length === 0) return;
    const { write, onWritten, onError } = this.#parts;
    this.#written = write(failedBy(failures.map(asFailed)));
    this.#written.then(onWritten, onError);
  }
}
