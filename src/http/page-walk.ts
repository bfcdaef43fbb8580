import { createHash } from 'node:crypto';
import { AnswerError } from '../records/answer-error.ts';
import type { HttpRequest } from './client.ts';
import { MAX_PAGES_BYTES } from './limits.ts';
import type { ReceivedAnswer } from './outcome-rules.ts';
import type { Pagination } from './pagination.ts';

/** The way through one customer's pages: where it stands, and where it was. */
export class PageWalk {
  readonly #pagination: Pagination;
  readonly #asked = new Set<string>();
  readonly #digests = new Set<string>();
  #number = 0;
  #bytes = 0;

  constructor(pagination: Pagination) {
    this.#pagination = pagination;
  }

  /** The page that was asked for last, from 1. */
  get number(): number {
    return this.#number;
  }

  /** The first page of what a request asks for. */
  first(request: HttpRequest): HttpRequest {
    return this.#step(this.#pagination.first(request));
  }

  /**
   * The request for the page behind one that came with so many records; undefined where it was the last. Throws `AnswerError`
   * where the pages go in a circle, are too many or too large, or cannot be followed.
   */
  next(request: HttpRequest, received: ReceivedAnswer, records: number): HttpRequest | undefined {
    this.#note(received.answer.body, records);
    const next = this.#pagination.next({ request, received, records, number: this.#number });
    if (next === undefined) return undefined;
    if (this.#asked.has(addressOf(next))) throw new AnswerError('it leads back to a page that was there before');
    if (this.#number >= this.#pagination.maxPages) {
      throw new AnswerError(`there are more pages than max_pages allows (${this.#pagination.maxPages})`);
    }
    return this.#step(next);
  }

  #step(request: HttpRequest): HttpRequest {
    this.#number += 1;
    this.#asked.add(addressOf(request));
    return request;
  }

  /** A server that passes over the parameter gives the same page for ever, each under another URL. */
  #note(body: Uint8Array, records: number): void {
    this.#bytes += body.length;
    if (this.#bytes > MAX_PAGES_BYTES) {
      throw new AnswerError(`the pages are larger than ${MAX_PAGES_BYTES / 1024 / 1024} MiB altogether`);
    }
    if (records === 0) return;
    const digest = digestOf(body);
    if (this.#digests.has(digest))
      throw new AnswerError('it is the same, byte for byte, as a page that was there before');
    this.#digests.add(digest);
  }
}

/** What tells one page from another: the URL, and the body, where a parameter may stand too. */
const addressOf = ({ url, body }: HttpRequest): string => (body === undefined ? url : `${url} ${digestOf(body)}`);

const digestOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('base64');
