import type { ExceptionMessage, Failure } from '../channel/protocol.ts';
import type { FailedInPool } from './settled.ts';
import type { PooledRow } from './work-queue.ts';

/** A failure that is not written yet, since the endpoint may be to blame. */
export interface DoubtfulFailure {
  pooled: PooledRow;
  failure: Failure;
  /** When it was given up on, in milliseconds since the epoch. */
  time: number;
  /** When it came, on the machine's clock. */
  heldMs: number;
}

/** Answers that are told of so long after a failure were given after it, whoever tells of them. */
const SURELY_AFTER_MS = 250;
/**
 * More are not held: the oldest are then taken for what they seem. An outage is known as one after some dozens of requests
 * (breaker.ts), so that so many come together only where the endpoint answers others well.
 */
const MOST = 1000;
/** So many times a row is asked for anew, since the endpoint was down when it failed; then it may well be its own fault. */
const MAX_OUTAGES = 5;

const CREDENTIALS: ReadonlySet<number> = new Set([401, 403, 407]);
const KINDS: ReadonlySet<string> = new Set(['http_5xx', 'timeout', 'network', 'bad_answer', 'rate_limited']);

/** Whether a failure may be the endpoint's, and not its customer's. */
export const mayBeOutage = ({ kind, status }: Pick<Failure, 'kind' | 'status'>): boolean =>
  KINDS.has(kind) || (status !== undefined && CREDENTIALS.has(status));

/**
 * Failures that are kept until the endpoint is known to have been well after them: then they are their customers'. Where it
 * turns out to be down, they were never any, and the rows are asked for again.
 */
export class HeldBack {
  #held: DoubtfulFailure[] = [];

  get size(): number {
    return this.#held.length;
  }

  add(failures: readonly DoubtfulFailure[]): void {
    this.#held.push(...failures);
  }

  /** The endpoint is well: takes out those that are surely older than that. */
  takeOlder(nowMs: number): DoubtfulFailure[] {
    const count = this.#held.findIndex(({ heldMs }) => heldMs > nowMs - SURELY_AFTER_MS);
    return this.#held.splice(0, count < 0 ? this.#held.length : count);
  }

  /** Takes out those beyond what is held, the oldest. */
  takeSurplus(): DoubtfulFailure[] {
    return this.#held.splice(0, Math.max(0, this.#held.length - MOST));
  }

  /** Takes out all. */
  takeAll(): DoubtfulFailure[] {
    return this.#held.splice(0);
  }

  /** The endpoint is down: takes out the rows that are to be asked for again, marked with that. */
  takeBlameless(): PooledRow[] {
    const isBlameless = ({ failure, pooled }: DoubtfulFailure) => mayBeOutage(failure) && pooled.outages < MAX_OUTAGES;
    const rows = this.#held.filter(isBlameless).map(({ pooled }) => ({ ...pooled, outages: pooled.outages + 1 }));
    this.#held = this.#held.filter((each) => !isBlameless(each));
    return rows;
  }
}

/** What an exception message says of its rows, in its order. */
export function doubtfulOf(
  { failures }: ExceptionMessage,
  rows: readonly PooledRow[],
  nowMs: number,
): DoubtfulFailure[] {
  return failures.flatMap(({ position: _, time, ...failure }, i) => {
    const { [i]: pooled } = rows;
    return pooled === undefined ? [] : [{ pooled, failure, time, heldMs: nowMs }];
  });
}

/** Such a failure as what settles its row. */
export const asFailed = ({ pooled, failure, time }: DoubtfulFailure): FailedInPool => ({
  row: pooled.row,
  failure,
  time,
});
