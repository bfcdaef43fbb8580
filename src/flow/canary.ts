import type { Refusal } from '../channel/protocol.ts';

/** What the first few customers say: ask on, or it is of no use, for this reason, or not known yet. */
export type CanaryVerdict = 'undecided' | 'passed' | { refused: Refusal; count: number };

/**
 * Whether customers that are refused alike may be just those that are left of a list, which says little of the endpoint:
 * `of_the_rest` where nearly nothing is left behind them.
 */
export type ExpectsRefusals = boolean | 'of_the_rest';

/**
 * The first few customers, asked for before all others: where every one of them is refused in the same way, the others would
 * be, too. Where one is answered, or two fail in different ways, or one in a way that may pass, the list is asked for.
 */
export class Canary {
  readonly #wanted: number;
  #expectsRefusals: ExpectsRefusals;
  /** Undefined until they are sent out. */
  #size: number | undefined;
  #granted = 0;
  #refusals: Refusal[] = [];
  #verdict: CanaryVerdict = 'undecided';

  /** `wanted` customers, none for no canary. */
  constructor(wanted: number, expectsRefusals: ExpectsRefusals = false) {
    this.#wanted = wanted;
    this.#expectsRefusals = expectsRefusals;
    if (wanted === 0) this.pass();
  }

  get verdict(): CanaryVerdict {
    return this.#verdict;
  }

  get isUndecided(): boolean {
    return this.#verdict === 'undecided';
  }

  /**
   * Requests that may be made; infinite once it is known that all are worth asking for. A customer may need two: where its
   * proof was refused, or its connection was stale.
   */
  get grantable(): number {
    if (this.#verdict === 'passed') return Number.POSITIVE_INFINITY;
    return this.isUndecided ? 2 * (this.#size ?? 0) - this.#granted : 0;
  }

  countGranted(count: number): void {
    this.#granted += count;
  }

  /** So many were sent out, fewer than wanted only where the list has no more; `isRest` where its end is near. */
  send(size: number, isRest = false): void {
    this.#size = size;
    if (this.#expectsRefusals === 'of_the_rest') this.#expectsRefusals = isRest;
    if (size === 0) this.pass();
  }

  pass(): void {
    if (this.isUndecided) this.#verdict = 'passed';
  }

  /** Takes what came: customers that were read, first attempts that may end better, refusals. */
  take(read: number, mayPass: number, refusals: readonly Refusal[]): void {
    if (!this.isUndecided) return;
    this.#refusals.push(...refusals);
    const [first] = this.#refusals;
    const isAlike = this.#refusals.every(({ like }) => like === first?.like);
    if (read + mayPass > 0 || !isAlike) this.pass();
    else if (first !== undefined && this.#refusals.length >= (this.#size ?? 0)) this.#decide(first);
  }

  /** All that were sent out are done with: some may have cost no request, and told nothing. */
  end(): void {
    const [first] = this.#refusals;
    if (first === undefined) this.pass();
    else if (this.isUndecided) this.#decide(first);
  }

  /** What may be a customer's own says nothing of a few, since they may be all that are left of a list. */
  #decide(refused: Refusal): void {
    const count = this.#refusals.length;
    const isTelling = count >= this.#wanted && !this.#expectsRefusals;
    if (isTelling || refused.isForAll) this.#verdict = { refused, count };
    else this.pass();
  }
}
