import type { Failure } from '../channel/protocol.ts';
import type { HttpRequest } from '../http/client.ts';
import type { ReceivedAnswer } from '../http/outcome-rules.ts';
import type { RequestTemplate } from '../http/request-template.ts';
import type { AttemptFailure } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';
import { excerpt } from '../records/excerpt.ts';
import type { AnswerHeads } from './answer-heads.ts';
import { type AttemptDeps, Attempts } from './attempts.ts';

/**
 * What became of a customer; `unsettled` where the run was stopped before it was known, `stop` where its answer is what
 * ends the run.
 */
export type Outcome =
  | { is: 'ok'; text: string; records: number; attempts: number }
  | { is: 'failed'; failure: Failure }
  | { is: 'stop'; reason: string }
  | { is: 'unsettled' };

/** What getting a customer needs. */
export interface GetCustomerDeps extends AttemptDeps {
  template: RequestTemplate;
  /** The lines for an answer's JSON and a row's values; throws `AnswerError`. */
  readRecords(json: unknown, values: readonly string[]): { text: string; records: number };
  /** How an answer begins, where that is to be shown. */
  headOf: AnswerHeads['headOf'];
  redact(text: string): string;
}

/**
 * A function that gets one customer, given `[customer, one value per placeholder]`: requests it up to `maxAttempts`
 * times and turns the answer into lines. It throws for nothing that a server or a row does.
 */
export function createGetCustomer(
  deps: GetCustomerDeps,
): (values: readonly string[], position: number) => Promise<Outcome> {
  return async (values, position) => {
    const expanded = deps.template.expand(values);
    if ('request' in expanded) return new CustomerRequest(deps, values, position).run(expanded.request);
    const reason = deps.redact(expanded.problem);
    return { is: 'failed', failure: { kind: 'bad_row', reason, attempts: 0, elapsedMs: 0 } };
  };
}

/** One customer, from its request to its lines. */
class CustomerRequest {
  readonly #deps: GetCustomerDeps;
  readonly #values: readonly string[];
  readonly #customer: string;
  readonly #attempts: Attempts;

  constructor(deps: GetCustomerDeps, values: readonly string[], position: number) {
    this.#deps = deps;
    this.#values = values;
    this.#customer = values[0] ?? '';
    this.#attempts = new Attempts(deps, this.#customer, position);
  }

  async run(request: HttpRequest): Promise<Outcome> {
    const asked = await this.#attempts.ask(request);
    switch (asked.is) {
      case 'ok':
        return this.#read(asked.received);
      case 'empty':
        return this.#settle('', 0);
      case 'fail':
        return this.#fail(asked.failure);
      case 'stop':
        return { is: 'stop', reason: this.#deps.redact(stopReason(this.#customer, asked.failure)) };
      case 'unsettled':
        return asked;
      default:
        return asked satisfies never;
    }
  }

  #read({ answer: { status, body }, json }: ReceivedAnswer): Outcome {
    try {
      const { text, records } = this.#deps.readRecords(json(), this.#values);
      return this.#settle(text, records);
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      return this.#fail({ kind: 'bad_answer', reason: error.message, status, body });
    }
  }

  #settle(text: string, records: number): Outcome {
    this.#deps.log('info', `Successfully retrieved ${records} details(s) for ${this.#customer}`);
    return { is: 'ok', text, records, attempts: this.#attempts.count };
  }

  #fail(cause: AttemptFailure): Outcome {
    const { count: attempts, elapsedMs } = this.#attempts;
    const { body, ...known } = cause;
    const reason = this.#deps.redact(cause.reason);
    const head = this.#deps.headOf(known.kind, known.status, body);
    const failure = { ...known, reason, attempts, elapsedMs, ...(head !== undefined && { head }) };
    return { is: 'failed', failure };
  }
}

const stopReason = (customer: string, { reason }: AttemptFailure): string =>
  `the answer for customer ${excerpt(customer)} ends the run: ${reason}`;
