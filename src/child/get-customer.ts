import type { Failure, LogLevel } from '../channel/protocol.ts';
import { type Answer, type HttpClient, type HttpRequest, RequestError } from '../http/client.ts';
import type { RequestTemplate } from '../http/request-template.ts';
import { type AttemptFailure, judge, retryDelayMs, type Verdict } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';

/** What became of a customer; `unsettled` where the run was stopped before it was known. */
export type Outcome =
  | { is: 'ok'; text: string; records: number; attempts: number }
  | { is: 'failed'; failure: Failure }
  | { is: 'unsettled' };

/** What getting a customer needs; `now`, `random` and `sleep` are here for the tests. */
export interface GetCustomerDeps {
  client: HttpClient;
  template: RequestTemplate;
  /** Runs a request when there is a slot for it (p-limit). */
  limit<T>(request: () => Promise<T>): Promise<T>;
  maxAttempts: number;
  maxRetryAfterMs: number;
  /** The lines for an answer; throws `AnswerError`. */
  readRecords(answer: Answer, customer: string): { text: string; records: number };
  log(level: LogLevel, message: string): void;
  redact(text: string): string;
  /** Waits; may reject when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
  random(): number;
  /** Aborted: begin no other request. Those in flight go on to their end. */
  signal: AbortSignal;
}

/** Node turns a longer timer into one of 1 ms. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/**
 * A function that gets one customer, given `[customer, one value per placeholder]`: requests it up to `maxAttempts`
 * times and turns the answer into lines. It holds a slot only while a request is under way, never between attempts, and
 * it throws for nothing that a server or a row does.
 */
export function createGetCustomer(deps: GetCustomerDeps): (values: readonly string[]) => Promise<Outcome> {
  return async (values) => {
    const expanded = deps.template.expand(values);
    if ('request' in expanded) return new CustomerRequest(deps, values[0] ?? '', expanded.request).run();
    const reason = deps.redact(expanded.problem);
    return { is: 'failed', failure: { kind: 'bad_row', reason, attempts: 0, elapsedMs: 0 } };
  };
}

/** One customer's attempts. */
class CustomerRequest {
  readonly #deps: GetCustomerDeps;
  readonly #customer: string;
  readonly #request: HttpRequest;
  #startedAtMs = 0;
  #attempts = 0;

  constructor(deps: GetCustomerDeps, customer: string, request: HttpRequest) {
    this.#deps = deps;
    this.#customer = customer;
    this.#request = request;
  }

  async run(): Promise<Outcome> {
    for (;;) {
      const verdict = await this.#deps.limit(() => this.#attempt());
      if (verdict === undefined) return { is: 'unsettled' };
      if (verdict.is === 'answered') return this.#read(verdict.answer);
      if (verdict.is === 'failed') return this.#fail(verdict.failure);
      const impatience = this.#whyNotAgain(verdict);
      if (impatience !== undefined) return this.#fail(impatience);
      if (!(await this.#pause(verdict))) return { is: 'unsettled' };
    }
  }

  /** Undefined where no request may begin any more. */
  async #attempt(): Promise<Verdict | undefined> {
    const { client, signal, now, log } = this.#deps;
    if (signal.aborted) return undefined;
    if (this.#attempts === 0) {
      this.#startedAtMs = now();
      log('info', `Requesting details for customer ${this.#customer}`);
    }
    this.#attempts += 1;
    const first = await outcomeOf(client.send(this.#request));
    if (!('error' in first) || !first.error.isStale) return judge(first, now());
    if (signal.aborted) return undefined;
    // The server closed the kept connection just as it was used: nothing was asked, so no attempt is used up.
    return judge(await outcomeOf(client.send(this.#request, { freshConnection: true })), now());
  }

  #read(answer: Answer): Outcome {
    const { readRecords, log } = this.#deps;
    try {
      const { text, records } = readRecords(answer, this.#customer);
      log('info', `Successfully retrieved ${records} details(s) for ${this.#customer}`);
      return { is: 'ok', text, records, attempts: this.#attempts };
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      return this.#fail({ kind: 'bad_answer', reason: error.message, status: answer.status });
    }
  }

  #fail(cause: AttemptFailure): Outcome {
    const elapsedMs = this.#deps.now() - this.#startedAtMs;
    const reason = this.#deps.redact(cause.reason);
    return { is: 'failed', failure: { ...cause, reason, attempts: this.#attempts, elapsedMs } };
  }

  /** The failure where there is no further attempt: none is left, or the server asks for more patience than we have. */
  #whyNotAgain({ failure, retryAfterMs = 0 }: Verdict & { is: 'retry' }): AttemptFailure | undefined {
    const { maxAttempts, maxRetryAfterMs } = this.#deps;
    if (retryAfterMs > Math.min(maxRetryAfterMs, LONGEST_SLEEP_MS)) {
      const asked = `the server asks to wait ${inSeconds(retryAfterMs)}, more than ${inSeconds(maxRetryAfterMs)}`;
      return { ...failure, kind: 'rate_limited', reason: `${failure.reason}: ${asked}` };
    }
    return this.#attempts >= maxAttempts ? failure : undefined;
  }

  /** Waits until the next attempt is due; false where there will be none. */
  async #pause({ failure, retryAfterMs }: Verdict & { is: 'retry' }): Promise<boolean> {
    const { signal, log, sleep, random, maxAttempts } = this.#deps;
    if (signal.aborted) return false;
    const delayMs = retryDelayMs({ attempt: this.#attempts, retryAfterMs, random: random() });
    const count = `attempt ${this.#attempts} of ${maxAttempts}`;
    log('info', `Retrying customer ${this.#customer} in ${inSeconds(delayMs)}: ${failure.reason} (${count})`);
    try {
      await sleep(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  }
}

async function outcomeOf(request: Promise<Answer>): Promise<{ answer: Answer } | { error: RequestError }> {
  try {
    return { answer: await request };
  } catch (error) {
    if (error instanceof RequestError) return { error };
    throw error;
  }
}

const inSeconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;
