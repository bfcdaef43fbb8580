import type { LogLevel } from '../channel/protocol.ts';
import { type Answer, type HttpClient, type HttpRequest, RequestError, type SendOptions } from '../http/client.ts';
import type { CompiledRule, ReceivedAnswer } from '../http/outcome-rules.ts';
import { type AttemptFailure, type AttemptResult, judge, retryDelayMs, type Verdict } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';
import type { Gate } from './gate.ts';
import type { OwnLimits } from './own-limits.ts';
import type { SignIn } from './sign-in.ts';
import { NO_ROOM, type Slots } from './slots.ts';

/** What attempts need; `now`, `random` and `sleep` are here for the tests. */
export interface AttemptDeps {
  client: HttpClient;
  gate: Gate;
  ownLimits: OwnLimits;
  signIn: SignIn;
  /** What answers mean. */
  rules: readonly CompiledRule[];
  /** An answer's JSON; throws `AnswerError`. */
  parse(answer: Answer): unknown;
  /** What is wrong with an answer that is not the customer's; undefined where it is, or where nobody asks. */
  verify?: ((json: unknown, customer: string) => string | undefined) | undefined;
  slots: Slots;
  maxAttempts: number;
  /** The longest pause that a server may ask for. */
  patienceMs: number;
  log(level: LogLevel, message: string): void;
  /** Waits; may reject when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
  random(): number;
  /** Aborted: begin no other request. Those in flight go on to their end. */
  signal: AbortSignal;
}

/** What came of asking: an answer that settles, why there is none, or nothing where the run was stopped before that. */
export type Asked =
  | { is: 'ok'; received: ReceivedAnswer }
  | { is: 'empty' }
  | { is: 'fail' | 'stop'; failure: AttemptFailure }
  | { is: 'unsettled' };

type RetryVerdict = Verdict & { is: 'retry' | 'limited' };

/** Node turns a longer timer into one of 1 ms. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** The requests for one customer: each up to `maxAttempts` times, in a slot while it is under way and never between attempts. */
export class Attempts {
  readonly #deps: AttemptDeps;
  readonly #customer: string;
  readonly #position: number;
  #startedAtMs: number | undefined;
  #count = 0;

  /** `position` is that of the customer's row. */
  constructor(deps: AttemptDeps, customer: string, position: number) {
    this.#deps = deps;
    this.#customer = customer;
    this.#position = position;
  }

  /** Attempts so far. */
  get count(): number {
    return this.#count;
  }

  /** Milliseconds since the first one. */
  get elapsedMs(): number {
    return this.#startedAtMs === undefined ? 0 : this.#deps.now() - this.#startedAtMs;
  }

  /** Asks for what a request is about; `place` stands in front of what the log says of it. */
  async ask(request: HttpRequest, place: string): Promise<Asked> {
    const { slots, ownLimits } = this.#deps;
    try {
      let options: SendOptions = {};
      let attempt = 1;
      for (;;) {
        const room = slots.room(this.#position);
        if (room !== undefined) await room;
        const verdict = await slots.run(() => this.#attempt(request, options, attempt), this.#position);
        if (verdict === NO_ROOM) continue;
        if (verdict === undefined) return { is: 'unsettled' };
        if (!isAgain(verdict)) return verdict;
        options = { freshConnection: verdict.wantsFreshConnection ?? false };
        if (verdict.is === 'limited') {
          // It says nothing of this customer: the gate holds everybody, and no attempt is used up.
          if (!(await this.#letOthersGo(verdict))) return { is: 'unsettled' };
          continue;
        }
        const failure = this.#whyNotAgain(verdict, attempt);
        if (failure !== undefined) return { is: 'fail', failure };
        if (!(await this.#pause(verdict, attempt, place))) return { is: 'unsettled' };
        attempt += 1;
      }
    } finally {
      ownLimits.forget(this.#position);
    }
  }

  /** Undefined where no request may begin any more. */
  async #attempt(request: HttpRequest, options: SendOptions, attempt: number): Promise<Verdict | undefined> {
    const { rules, gate, now } = this.#deps;
    let result = await this.#send(request, options, true);
    if (isStale(result) || isRefused(result)) result = await this.#sendAgain(result, request, options);
    if (result === undefined) return undefined;
    const verdict = this.#setApart(this.#verify(judge(rules, result, now())), result.number);
    gate.report({ result, verdict, elapsedMs: result.elapsedMs, attempt });
    return verdict;
  }

  /** A limited answer that is this customer's own holds nobody else: it is a failed attempt like others. */
  #setApart(verdict: Verdict, request: number): Verdict {
    const { ownLimits } = this.#deps;
    if (!isAgain(verdict)) ownLimits.answered(request);
    if (verdict.is !== 'limited' || !ownLimits.limited(this.#position, request)) return verdict;
    const reason = `${verdict.failure.reason}, again while others were answered`;
    return { ...verdict, is: 'retry', isOwn: true, failure: { ...verdict.failure, reason } };
  }

  /** An answer of somebody else is never taken: whatever mixed them up may do so again on this connection. */
  #verify(verdict: Verdict): Verdict {
    const { verify } = this.#deps;
    if (verify === undefined || verdict.is !== 'ok') return verdict;
    const { answer, json } = verdict.received;
    const reason = flawOf(() => verify(json(), this.#customer));
    if (reason === undefined) return verdict;
    answer.dropConnection?.();
    const failure: AttemptFailure = { kind: 'bad_answer', reason, status: answer.status };
    return { is: 'retry', failure, wantsFreshConnection: true };
  }

  /**
   * At once another request where one asked nothing (the server closed the kept connection just as it was used) or was
   * refused for a proof that has run out: neither uses up an attempt.
   */
  async #sendAgain(
    first: SentResult | undefined,
    request: HttpRequest,
    options: SendOptions,
  ): Promise<SentResult | undefined> {
    const { gate, signIn } = this.#deps;
    let result = first;
    if (isStale(result)) {
      gate.again();
      result = await this.#send(request, { freshConnection: true });
    }
    for (let isAgain = false; isRefused(result) && (await signIn.renew(result.request, isAgain)); isAgain = true) {
      gate.again();
      result = await this.#send(request, options);
    }
    return result;
  }

  /** Undefined where no request may begin any more. */
  async #send(request: HttpRequest, options: SendOptions, isAttempt = false): Promise<SentResult | undefined> {
    const { client, gate, signIn, signal } = this.#deps;
    while (!signal.aborted) {
      // Whoever waits for a proof does so before the gate: behind it, all would go out at once when it comes.
      const proof = signIn.ready();
      if (proof !== undefined) await proof;
      const leave = gate.enter();
      if (leave !== undefined) await leave;
      let sent: Sent | undefined;
      try {
        // The gate may have been shut for longer than a proof lives: what goes out carries the newest one.
        const signed = signal.aborted ? undefined : signIn.sign(request);
        if (signed === undefined) {
          gate.again();
          continue;
        }
        if (isAttempt) this.#begin();
        sent = this.#sendOff(signed);
        return this.#answered(sent, await client.send(signed, options));
      } catch (error) {
        if (sent === undefined || !(error instanceof RequestError)) throw error;
        return { error, request: sent.request, number: sent.number, elapsedMs: this.#deps.now() - sent.atMs };
      } finally {
        gate.leave();
      }
    }
    return undefined;
  }

  #sendOff(request: HttpRequest): Sent {
    const { ownLimits, now } = this.#deps;
    return { request, number: ownLimits.begin(), atMs: now() };
  }

  #answered({ request, number, atMs }: Sent, answer: Answer): SentResult {
    const { now, parse } = this.#deps;
    return { answer, json: once(() => parse(answer)), request, number, elapsedMs: now() - atMs };
  }

  #begin(): void {
    const { now, log } = this.#deps;
    this.#count += 1;
    if (this.#startedAtMs !== undefined) return;
    this.#startedAtMs = now();
    log('info', `Requesting details for customer ${this.#customer}`);
  }

  /** The failure where there is no further attempt: none is left, or the server asks for more patience than we have. */
  #whyNotAgain({ failure, retryAfterMs = 0 }: RetryVerdict, attempt: number): AttemptFailure | undefined {
    const { maxAttempts, patienceMs } = this.#deps;
    if (retryAfterMs > Math.min(patienceMs, LONGEST_SLEEP_MS)) {
      const asked = `the server asks to wait ${inSeconds(retryAfterMs)}, more than ${inSeconds(patienceMs)}`;
      return { ...failure, kind: 'rate_limited', reason: `${failure.reason}: ${asked}` };
    }
    return attempt >= maxAttempts ? failure : undefined;
  }

  /** Waits until the next attempt is due; false where there will be none. */
  async #pause({ failure, retryAfterMs }: RetryVerdict, attempt: number, place: string): Promise<boolean> {
    const { signal, log, random, maxAttempts } = this.#deps;
    if (signal.aborted) return false;
    const delayMs = retryDelayMs({ attempt, retryAfterMs, random: random() });
    const count = `attempt ${attempt} of ${maxAttempts}`;
    const what = `${place}${failure.reason} (${count})`;
    log('info', `Retrying customer ${this.#customer} in ${inSeconds(delayMs)}: ${what}`);
    return await this.#sleep(delayMs);
  }

  /** After a hold others are asked for first: what comes for them says whose limit it is. */
  async #letOthersGo({ failure, retryAfterMs = 0 }: RetryVerdict): Promise<boolean> {
    const { signal, log, random } = this.#deps;
    if (signal.aborted) return false;
    log('info', `Asking for customer ${this.#customer} again after the hold: ${failure.reason}`);
    return await this.#sleep(Math.min(LONGEST_SLEEP_MS, retryAfterMs + retryDelayMs({ attempt: 1, random: random() })));
  }

  /** False where no request may begin after it. */
  async #sleep(delayMs: number): Promise<boolean> {
    const { signal, sleep } = this.#deps;
    try {
      await sleep(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  }
}

const isAgain = (verdict: Verdict): verdict is RetryVerdict => verdict.is === 'retry' || verdict.is === 'limited';

/** A request as it went out, its number in this child, and when that was. */
interface Sent {
  request: HttpRequest;
  number: number;
  atMs: number;
}

/** A result with the request as it went out, its number in this child, and how long it took. */
type SentResult = AttemptResult & { request: HttpRequest; number: number; elapsedMs: number };

const isStale = (result: AttemptResult | undefined): boolean =>
  result !== undefined && 'error' in result && result.error.isStale;

const isRefused = (result: SentResult | undefined): result is SentResult =>
  result !== undefined && 'answer' in result && result.answer.status === 401;

/** An answer that is not JSON is nobody's: what is wrong with it is told where its records are looked for. */
function flawOf(verify: () => string | undefined): string | undefined {
  try {
    return verify();
  } catch (error) {
    if (error instanceof AnswerError) return undefined;
    throw error;
  }
}

/** What a function gives, or throws, found out when it is first called and never again. */
function once<T>(find: () => T): () => T {
  let found: { value: T } | { error: unknown } | undefined;
  return () => {
    if (found === undefined) {
      try {
        found = { value: find() };
      } catch (error) {
        found = { error };
      }
    }
    if ('error' in found) throw found.error;
    return found.value;
  };
}

const inSeconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;
