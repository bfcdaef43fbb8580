import { LatencyHistogram } from '../channel/latency-histogram.ts';
import type { FailureKind, Quota, Refusal, ResultsMessage, Sign } from '../channel/protocol.ts';
import { lesserQuota } from '../http/quota.ts';

/** So many refusals are told of; the first are as good as any. */
const MAX_REFUSALS = 100;

/** What came of an attempt, as far as the flow is concerned. */
export interface AttemptFacts {
  sign: Sign;
  isFirst: boolean;
  elapsedMs: number;
  failure?: { kind: FailureKind; reason: string } | undefined;
  refusal?: Refusal | undefined;
  quota?: Quota | undefined;
  retryAfterMs?: number | undefined;
  /** A limited answer, the first that is known to be its customer's own. */
  isFirstOwn?: boolean;
}

type Told = Omit<ResultsMessage, 'type' | 'latencies' | 'inFlight' | 'lagMs'>;
const nothing = (): Told => ({ signs: {}, firsts: {}, failures: {}, read: 0, mayPass: 0, own: 0, refusals: [] });

/** What came of attempts since the parent was last told, added up: a message a moment, not one a request. */
export class Results {
  #told = nothing();
  #latencies = new LatencyHistogram();
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  add({ sign, isFirst, elapsedMs, failure, refusal, quota, retryAfterMs, isFirstOwn }: AttemptFacts): void {
    const told = this.#told;
    this.#isEmpty = false;
    count(told.signs, sign);
    if (isFirst) count(told.firsts, sign);
    if (failure !== undefined) {
      count(told.failures, failure.kind);
      told.lastReason = failure.reason;
      if (isFirst && refusal === undefined) told.mayPass += 1;
    }
    if (sign === 'well') this.#latencies.record(elapsedMs);
    if (refusal !== undefined) this.#refuse(refusal);
    if (isFirstOwn) told.own += 1;
    const least = lesserQuota(told.quota, quota);
    if (least !== undefined) told.quota = least;
    if (retryAfterMs !== undefined) told.retryAfterMs = Math.max(told.retryAfterMs ?? 0, retryAfterMs);
  }

  /** A customer's records were read. */
  countRead(): void {
    this.#isEmpty = false;
    this.#told.read += 1;
  }

  /** A right answer that could not be read. */
  addRefusal(refusal: Refusal): void {
    this.#isEmpty = false;
    this.#refuse(refusal);
  }

  /** What is to be told now; from here on it counts anew. */
  take(inFlight: number, lagMs: number): ResultsMessage {
    const latencies = this.#latencies.counts();
    const message: ResultsMessage = { type: 'results', ...this.#told, latencies, inFlight, lagMs };
    this.#told = nothing();
    this.#latencies = new LatencyHistogram();
    this.#isEmpty = true;
    return message;
  }

  #refuse(refusal: Refusal): void {
    if (this.#told.refusals.length < MAX_REFUSALS) this.#told.refusals.push(refusal);
  }
}

function count<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
