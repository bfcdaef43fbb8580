import type { PaginationSetting } from '../channel/protocol.ts';
import { AnswerError } from '../records/answer-error.ts';
import { describeValue } from '../records/excerpt.ts';
import { compilePath } from '../records/path.ts';
import { isTrue } from '../records/truth.ts';
import { nextLinkIn } from './link-header.ts';
import type { ReceivedAnswer } from './outcome-rules.ts';
import { withParameter } from './query-parameter.ts';

/** Longer than what servers take: a link that grows from page to page ends here. */
const MAX_URL_LENGTH = 16_384;

/** A page that came. */
export interface Page {
  /** The URL that was asked for. */
  url: string;
  received: ReceivedAnswer;
  /** Records on it. */
  records: number;
  /** From 1. */
  number: number;
}

/** How a customer's pages follow each other. */
export interface Pagination {
  maxPages: number;
  /** The URL of the first page, out of the one that the settings give. */
  first(url: string): string;
  /** The URL of the page behind another; undefined where that was the last. Throws `AnswerError` where it cannot be followed. */
  next(page: Page): string | undefined;
}

type Locate = Pagination['next'];

const MAX_PAGES = 1000;

/** Compiles the setting; throws `UsageError` for a wrong path. */
export function compilePagination(setting: PaginationSetting): Pagination {
  const isOver = compileStop(setting);
  const { first = (url: string) => url, next } = compileType(setting);
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

function compileType(setting: PaginationSetting): { first?: (url: string) => string; next: Locate } {
  switch (setting.type) {
    case 'next_link':
      return { next: linkAt(setting.path) };
    case 'link_header':
      return { next: (page) => followed(nextLinkIn(headerOf(page)), page) };
    case 'cursor':
      return { next: cursorAt(setting.path, setting.parameter) };
    case 'page':
      return counted(setting.parameter, setting.start ?? 1, 1);
    case 'offset':
      return counted(setting.parameter, setting.start ?? 0, setting.size);
    default:
      return setting satisfies never;
  }
}

const headerOf = ({ received }: Page): string | undefined => {
  const { link } = received.answer.headers;
  return Array.isArray(link) ? link.join(', ') : link;
};

/** Pages by number or by the number of records before them; without another rule, the first one without records is the last. */
function counted(parameter: string, start: number, step: number) {
  const at = (url: string, count: number) => withParameter(url, parameter, String(start + count * step));
  const next: Locate = ({ url, records, number }) => (records === 0 ? undefined : at(url, number));
  return { first: (url: string) => at(url, 0), next };
}

function linkAt(path: string): Locate {
  const { get } = compilePath(path);
  return (page) => {
    const link = get(page.received.json());
    if (!isTrue(link)) return undefined;
    if (typeof link !== 'string') throw new AnswerError(`the next link at ${path} is ${describeValue(link)}`);
    return followed(link, page);
  };
}

function cursorAt(path: string, parameter: string): Locate {
  const { get } = compilePath(path);
  return ({ url, received }) => {
    const cursor = get(received.json());
    if (!isTrue(cursor)) return undefined;
    const text = typeof cursor === 'number' ? String(cursor) : JSON.isRawJSON(cursor) ? cursor.rawJSON : cursor;
    if (typeof text !== 'string') throw new AnswerError(`the cursor at ${path} is ${describeValue(cursor)}`);
    // Some endpoints count down to it: it never leads on.
    return text === '0' ? undefined : withParameter(url, parameter, text);
  };
}

/** Where a link leads, seen from the page that it stands on: never to another origin, whatever would be sent along. */
function followed(link: string | undefined, { url, received }: Page): string | undefined {
  if (link === undefined) return undefined;
  const from = received.answer.url ?? url;
  const target = URL.parse(link, from);
  if (target === null) throw new AnswerError('the next link leads to an address that is none');
  if (target.origin !== URL.parse(url)?.origin) {
    throw new AnswerError(`the next link leads to another origin: ${originOf(target).slice(0, 200)}`);
  }
  if (target.username !== '' || target.password !== '') throw new AnswerError('the next link has a user name in it');
  target.hash = '';
  if (target.href.length > MAX_URL_LENGTH) throw new AnswerError('the next link is too long');
  return target.href;
}

/** `file:` and the like have no origin. */
const originOf = ({ origin, protocol }: URL): string => (origin === 'null' ? protocol : origin);
