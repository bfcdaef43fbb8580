import type { Failure } from '../channel/protocol.ts';
import type { HttpRequest } from '../http/client.ts';
import type { ReceivedAnswer } from '../http/outcome-rules.ts';
import { PageWalk } from '../http/page-walk.ts';
import type { Pagination } from '../http/pagination.ts';
import type { RequestTemplate } from '../http/request-template.ts';
import type { AttemptFailure } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';
import { excerpt } from '../records/excerpt.ts';
import type { AnswerHeads } from './answer-heads.ts';
import { type Asked, type AttemptDeps, Attempts } from './attempts.ts';
import type { PageRoom } from './page-room.ts';

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
  /** Where a customer's answer has pages: how they follow each other, and what is held of them. */
  pages?: { pagination: Pagination; room: PageRoom } | undefined;
}

/**
 * A function that gets one customer, given `[customer, one value per placeholder]`: requests it, each of its
 * pages where it has some, up to `maxAttempts` times, and turns what comes into lines. It throws for nothing that a
 * server or a row does.
 */
export function createGetCustomer(
  deps: GetCustomerDeps,
): (values: readonly string[], position: number) => Promise<Outcome> {
  return (values, position) => {
    const expanded = deps.template.expand(values);
    if ('request' in expanded) return new CustomerRequest(deps, values, position).run(expanded.request);
    const reason = deps.redact(expanded.problem);
    return Promise.resolve({ is: 'failed', failure: { kind: 'bad_row', reason, attempts: 0, elapsedMs: 0 } });
  };
}

/** More than an excerpt shows. */
const EXCERPT_BYTES = 400;

/** What stands on a page, and the request for the one behind it. */
type ReadPage = { text: string; records: number; next: HttpRequest | undefined } | { failure: AttemptFailure };

/** What an answer stands for that is taken for empty: no records, or no more of them. */
const NOTHING_MORE: ReadPage = { text: '', records: 0, next: undefined };

/** One customer, from its request to its lines. */
class CustomerRequest {
  readonly #deps: GetCustomerDeps;
  readonly #values: readonly string[];
  readonly #customer: string;
  readonly #position: number;
  readonly #attempts: Attempts;
  readonly #walk: PageWalk | undefined;

  constructor(deps: GetCustomerDeps, values: readonly string[], position: number) {
    this.#deps = deps;
    this.#values = values;
    this.#customer = values[0] ?? '';
    this.#position = position;
    this.#attempts = new Attempts(deps, this.#customer, position);
    this.#walk = deps.pages && new PageWalk(deps.pages.pagination);
  }

  run(request: HttpRequest): Promise<Outcome> {
    const { pages } = this.#deps;
    if (pages === undefined || this.#walk === undefined) return this.#get(request);
    return this.#getPages(request, pages.room, this.#walk);
  }

  async #getPages(request: HttpRequest, room: PageRoom, walk: PageWalk): Promise<Outcome> {
    await room.begin(this.#position);
    try {
      return await this.#get(walk.first(request));
    } finally {
      room.leave(this.#position);
    }
  }

  /** Page by page, where there are pages: all that they hold stands together, and is settled at once. */
  async #get(first: HttpRequest): Promise<Outcome> {
    let text = '';
    let records = 0;
    for (let request: HttpRequest | undefined = first; request !== undefined; ) {
      const asked = await this.#attempts.ask(request, this.#place);
      if (asked.is !== 'ok' && asked.is !== 'empty') return this.#end(asked);
      const page: ReadPage = asked.is === 'ok' ? this.#read(request, asked.received) : NOTHING_MORE;
      if ('failure' in page) return this.#fail(page.failure);
      // Not only at the end: the first page of a few customers says whether the others are worth asking for.
      this.#deps.gate.read();
      text += page.text;
      records += page.records;
      request = page.next;
      if (request !== undefined) await this.#goOn(page.text.length);
    }
    return this.#settle(text, records);
  }

  async #goOn(bytes: number): Promise<void> {
    const { log, pages } = this.#deps;
    await pages?.room.goOn(this.#position, bytes);
    log('debug', `Requesting page ${this.#walk?.number} of details for customer ${this.#customer}`);
  }

  #read(request: HttpRequest, received: ReceivedAnswer): ReadPage {
    // The way on counts itself as a step: this is where the walk stands until then.
    const place = this.#place;
    try {
      const { text, records } = this.#deps.readRecords(received.json(), this.#values);
      return { text, records, next: this.#walk?.next(request, received, records) };
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      this.#deps.gate.misread(error.message);
      const { status, body } = received.answer;
      return { failure: { kind: 'bad_answer', reason: `${place}${error.message}`, status, body } };
    }
  }

  /** Which page it is, in front of what is said of it. */
  get #place(): string {
    return this.#walk === undefined ? '' : `page ${this.#walk.number}: `;
  }

  #end(asked: Exclude<Asked, { is: 'ok' | 'empty' }>): Outcome {
    if (asked.is === 'unsettled') return asked;
    const failure = { ...asked.failure, reason: `${this.#place}${asked.failure.reason}` };
    if (asked.is === 'fail') return this.#fail(failure);
    return { is: 'stop', reason: this.#deps.redact(stopReason(this.#customer, failure)) };
  }

  #settle(text: string, records: number): Outcome {
    const where = this.#walk === undefined ? '' : ` on ${this.#walk.number} page(s)`;
    this.#deps.log('info', `Successfully retrieved ${records} details(s) for ${this.#customer}${where}`);
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

/** Which answer it was, and how it begins. */
function stopReason(customer: string, { reason, body }: AttemptFailure): string {
  const head = excerpt(Buffer.from(body?.subarray(0, EXCERPT_BYTES) ?? []).toString());
  const words = `the answer for customer ${excerpt(customer)} ends the run: ${reason}`;
  return head === '' ? words : `${words}, "${head}"`;
}
