import type { PaginationSetting, RequestSettings } from '../channel/protocol.ts';
import { AnswerError } from '../records/answer-error.ts';
import { describeValue } from '../records/excerpt.ts';
import { compilePath } from '../records/path.ts';
import { isTrue } from '../records/truth.ts';
import type { HttpRequest } from './client.ts';
import { nextLinkIn } from './link-header.ts';
import type { ReceivedAnswer } from './outcome-rules.ts';
import { compileParameter, type PageParameter, type SetParameter } from './page-parameter.ts';
import { withParameter } from './query-parameter.ts';

/** Longer than what servers take: a link that grows from page to page ends here. */
const MAX_URL_LENGTH = 16_384;

/** A page that came. */
export interface Page {
  /** What was asked for. */
  request: HttpRequest;
  received: ReceivedAnswer;
  /** Records on it. */
  records: number;
  /** From 1. */
  number: number;
}

/** How a customer's pages follow each other. */
export interface Pagination {
  maxPages: number;
  /** The request for the first page, out of the one that the settings give. */
  first(request: HttpRequest): HttpRequest;
  /** The request for the page behind another; undefined where that was the last. Throws `AnswerError` where it cannot be followed. */
  next(page: Page): HttpRequest | undefined;
}

type Locate = Pagination['next'];
type Auth = PagedRequest['auth'];

const MAX_PAGES = 1000;

/** What the settings say of the requests that pages are asked for by. */
export type PagedRequest = Pick<RequestSettings, 'body' | 'auth'>;

/** Compiles the setting; throws `UsageError` for a wrong path. */
export function compilePagination(setting: PaginationSetting, paged: PagedRequest = {}): Pagination {
  const isOver = compileStop(setting);
  const { first = (request: HttpRequest) => request, next } = compileType(setting, paged);
  return {
    maxPages: setting.max_pages ?? MAX_PAGES,
    first,
    next: (page) => (isOver(page) ? undefined : next(page)),
  };
}

function compileStop({ until, size = 0, ...setting }: PaginationSetting): (page: Page) => boolean {
  const more = setting.while === undefined ? undefined : compilePath(setting.while);
  const fewest = until === 'short_page' ? size : until === 'empty' ? 1 : 0;
  return ({ received, records }) => records < fewest || (more !== undefined && !isTrue(more.get(received.json())));
}

function compileType(
  setting: PaginationSetting,
  { body, auth }: PagedRequest,
): { first?: Pagination['first']; next: Locate } {
  switch (setting.type) {
    case 'next_link':
      return { next: linkAt(setting.path, auth) };
    case 'link_header':
      return { next: (page) => followed(nextLinkIn(headerOf(page)), page, auth) };
    case 'cursor':
      return { next: cursorAt(setting.path, setting, body) };
    case 'page':
      return counted(compileParameter(setting, body), setting.start ?? 1, 1);
    case 'offset':
      return counted(compileParameter(setting, body), setting.start ?? 0, setting.size);
    default:
      return setting satisfies never;
  }
}

const headerOf = ({ received }: Page): string | undefined => {
  const { link } = received.answer.headers;
  return Array.isArray(link) ? link.join(', ') : link;
};

/** Pages by number or by the number of records before them; without another rule, the first one without records is the last. */
function counted(set: SetParameter, start: number, step: number) {
  const at = (request: HttpRequest, count: number) => set(request, start + count * step);
  const next: Locate = ({ request, records, number }) => (records === 0 ? undefined : at(request, number));
  return { first: (request: HttpRequest) => at(request, 0), next };
}

function linkAt(path: string, auth: Auth): Locate {
  const { get } = compilePath(path);
  return (page) => {
    const link = get(page.received.json());
    if (!isTrue(link)) return undefined;
    if (typeof link !== 'string') throw new AnswerError(`the next link at ${path} is ${describeValue(link)}`);
    return followed(link, page, auth);
  };
}

function cursorAt(path: string, place: PageParameter, body: PagedRequest['body']): Locate {
  const { get } = compilePath(path);
  const set = compileParameter(place, body);
  // Some cursors are lists, such as the values that a search goes on after.
  const takesAny = place.in === 'body' && body !== undefined && 'json' in body;
  return ({ request, received }) => {
    const cursor = get(received.json());
    if (!isTrue(cursor)) return undefined;
    const text = typeof cursor === 'number' ? String(cursor) : JSON.isRawJSON(cursor) ? cursor.rawJSON : cursor;
    // Some endpoints count down to it: it never leads on.
    if (text === '0') return undefined;
    if (typeof text !== 'string' && !takesAny)
      throw new AnswerError(`the cursor at ${path} is ${describeValue(cursor)}`);
    return set(request, cursor);
  };
}

/** Where a link leads, seen from the page that it stands on: never to another origin, whatever would be sent along. */
function followed(link: string | undefined, { request, received }: Page, auth: Auth): HttpRequest | undefined {
  if (link === undefined) return undefined;
  const from = received.answer.url ?? request.url;
  const target = URL.parse(link, from);
  if (target === null) throw new AnswerError('the next link leads to an address that is none');
  if (target.origin !== URL.parse(request.url)?.origin) {
    throw new AnswerError(`the next link leads to another origin: ${originOf(target).slice(0, 200)}`);
  }
  if (target.username !== '' || target.password !== '') throw new AnswerError('the next link has a user name in it');
  target.hash = '';
  if (target.href.length > MAX_URL_LENGTH) throw new AnswerError('the next link is too long');
  return { ...request, url: withKey(target.href, auth) };
}

/** `file:` and the like have no origin. */
const originOf = ({ origin, protocol }: URL): string => (origin === 'null' ? protocol : origin);

/** A server has no reason to put our key into its links. */
const withKey = (url: string, auth: Auth): string =>
  auth?.type === 'api_key' && auth.in === 'query' ? withParameter(url, auth.name, auth.value) : url;
