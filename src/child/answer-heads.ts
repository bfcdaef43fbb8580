import { excerpt } from '../records/excerpt.ts';

/** So much of an answer is shown: enough to tell an error page from a proxy's. */
const HEAD_LENGTH = 300;
/** A few of each kind of failure say what the others are like. */
const MAX_OF_A_KIND = 5;
const MAX_KINDS = 50;

/** How the first answers begin that a customer was given up on for: a few of each kind and status, redacted and cut. */
export class AnswerHeads {
  readonly #redact: (text: string) => string;
  readonly #counts = new Map<string, number>();

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** The beginning of `body` on one line; undefined where enough were shown, or there is nothing. */
  headOf(kind: string, status: number | undefined, body: Uint8Array | undefined): string | undefined {
    if (body === undefined || body.length === 0) return undefined;
    const key = `${kind} ${status}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= MAX_OF_A_KIND || (count === 0 && this.#counts.size >= MAX_KINDS)) return undefined;
    this.#counts.set(key, count + 1);
    const text = Buffer.from(body.subarray(0, 4 * HEAD_LENGTH)).toString('utf8');
    return this.#redact(excerpt(text, HEAD_LENGTH));
  }
}
