import { describe, expect, it } from 'vitest';
import type { FixedAuth, PaginationSetting, RequestBody } from '../channel/protocol.ts';
import { parseAnswer } from '../records/read-answer.ts';
import { MAX_PAGES_BYTES } from './limits.ts';
import { PageWalk } from './page-walk.ts';
import { compilePagination } from './pagination.ts';

const URL_OF_FIRST = 'http://h/c/1?key=a%2Bb';
const CURSOR: PaginationSetting = { type: 'cursor', path: 'next', parameter: 'after' };
const LINK: PaginationSetting = { type: 'next_link', path: 'next' };

const received = (text: string, url?: string) => {
  const body = Buffer.from(text);
  return {
    answer: { status: 200, statusText: '', headers: {}, body, ...(url && { url }) },
    json: () => parseAnswer(body),
  };
};

/** The URL behind a page with this JSON. */
const behind = (setting: PaginationSetting, text: string, more: { records?: number; answeredAt?: string } = {}) => {
  const { records = 2, answeredAt } = more;
  const request = { url: URL_OF_FIRST };
  return compilePagination(setting).next({ request, received: received(text, answeredAt), records, number: 1 })?.url;
};

/** The body of the request for the page behind one with this JSON. */
const bodyBehind = (setting: PaginationSetting, body: RequestBody, sent: string, text: string) => {
  const request = { url: URL_OF_FIRST, method: 'POST', body: sent };
  const next = compilePagination(setting, { body }).next({ request, received: received(text), records: 2, number: 1 });
  expect(next).toEqual({ ...request, body: expect.any(String) });
  return next?.body;
};

describe('compilePagination', () => {
  it.each(['{}', '{"next":null}', '{"next":""}', '{"next":false}', '{"next":0}', '{"next":"0"}', '{"next":[]}'])(
    'finds no cursor in %s',
    (text) => {
      expect(behind(CURSOR, text)).toBeUndefined();
    },
  );

  it.each([
    ['"a b&c=d"', 'a%20b%26c%3Dd'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
  ])('sends the cursor %s as it came, once', (cursor, sent) => {
    expect(behind(CURSOR, `{"next":${cursor}}`)).toBe(`${URL_OF_FIRST}&after=${sent}`);
  });

  it('refuses a cursor and a link that are none', () => {
    expect(() => behind(CURSOR, '{"next":{"a":1}}')).toThrow('the cursor at next is an object');
    expect(() => behind(LINK, '{"next":7}')).toThrow('the next link at next is a number');
    expect(() => behind(LINK, '{"next":"http://u:p@h/c"}')).toThrow('the next link has a user name in it');
    expect(() => behind(LINK, `{"next":"/${'x'.repeat(20_000)}"}`)).toThrow('the next link is too long');
  });

  it('follows a link from where redirects led', () => {
    expect(behind(LINK, '{"next":"2"}')).toBe('http://h/c/2');
    expect(behind(LINK, '{"next":"2#top"}', { answeredAt: 'http://h/v2/c/1' })).toBe('http://h/v2/c/2');
  });

  it('puts the API key that stands in the query into a link that has none, or an older one', () => {
    const auth: FixedAuth = { type: 'api_key', in: 'query', name: 'key', value: 'a+b' };
    const { next } = compilePagination(LINK, { auth });
    const urlBehind = (link: string) =>
      next({ request: { url: URL_OF_FIRST }, received: received(`{"next":"${link}"}`), records: 1, number: 1 })?.url;
    expect(urlBehind('/c/1?page=2')).toBe('http://h/c/1?page=2&key=a%2Bb');
    expect(urlBehind('/c/1?key=old&page=2')).toBe('http://h/c/1?page=2&key=a%2Bb');
  });

  it('counts from where it is told to, in the parameter alone', () => {
    const { first, next } = compilePagination({ type: 'offset', parameter: 'skip', start: 10, size: 50 });
    const request = first({ url: 'http://h/c?skip=3&x=1' });
    expect(request.url).toBe('http://h/c?x=1&skip=10');
    expect(next({ request, received: received('{}'), records: 1, number: 3 })?.url).toBe('http://h/c?x=1&skip=160');
  });

  it.each([
    ['"b c"', '{"id":12345678901234567890,"page":{"size":1.0,"after":"b c"},"z":1}'],
    ['10.0', '{"id":12345678901234567890,"page":{"size":1.0,"after":10.0},"z":1}'],
    ['[7,"x"]', '{"id":12345678901234567890,"page":{"size":1.0,"after":[7,"x"]},"z":1}'],
  ])('puts the cursor %s into a JSON body as it came, and changes no digit of the rest', (cursor, sent) => {
    const setting: PaginationSetting = { ...CURSOR, parameter: 'page.after', in: 'body' };
    const body = '{"id":12345678901234567890,"page":{"size":1.0,"after":"a"},"z":1}';
    expect(bodyBehind(setting, { json: {} }, body, `{"next":${cursor}}`)).toBe(sent);
  });

  it('makes the objects on the way into a JSON body, and puts a parameter of a form in place of its last value', () => {
    const setting: PaginationSetting = { ...CURSOR, parameter: 'a.__proto__.b', in: 'body' };
    expect(bodyBehind(setting, { json: {} }, '{}', '{"next":"x"}')).toBe('{"a":{"__proto__":{"b":"x"}}}');
    expect(bodyBehind({ ...CURSOR, in: 'body' }, { form: {} }, 'after=1&x=a+b', '{"next":"é&"}')).toBe(
      'x=a+b&after=%C3%A9%26',
    );
  });

  it('counts in the body too, from the first page on', () => {
    const setting: PaginationSetting = { type: 'page', parameter: 'page', in: 'body' };
    const { first, next } = compilePagination(setting, { body: { json: {} } });
    const request = first({ url: 'http://h/c', body: '{"id":"1"}' });
    expect(request).toEqual({ url: 'http://h/c', body: '{"id":"1","page":1}' });
    expect(next({ request, received: received('{}'), records: 1, number: 1 })?.body).toBe('{"id":"1","page":2}');
  });

  it.each<[Partial<PaginationSetting>, string, number, boolean]>([
    [{ until: 'empty' }, '{"next":"b"}', 0, false],
    [{ until: 'empty' }, '{"next":"b"}', 1, true],
    [{ until: 'short_page', size: 2 }, '{"next":"b"}', 1, false],
    [{ until: 'short_page', size: 2 }, '{"next":"b"}', 2, true],
    [{ while: 'more' }, '{"next":"b","more":false}', 2, false],
    [{ while: 'more' }, '{"next":"b"}', 2, false],
    [{ while: "more == 'Y'" }, '{"next":"b","more":"Y"}', 2, true],
    [{}, '{"next":"b"}', 0, true],
  ])('with %j, a page %s with %i records has another behind it: %s', (stop, text, records, hasNext) => {
    expect(behind({ ...LINK, ...stop } as PaginationSetting, text, { records }) !== undefined).toBe(hasNext);
  });
});

describe('PageWalk', () => {
  it('knows pages by their bodies, where the parameter stands there', () => {
    const walk = new PageWalk(
      compilePagination({ ...CURSOR, in: 'body' } as PaginationSetting, { body: { json: {} } }),
    );
    let request = walk.first({ url: URL_OF_FIRST, body: '{}' });
    const goOn = (cursor: string) => {
      request = walk.next(request, received(`{"next":"${cursor}"}`), 0) ?? request;
    };
    goOn('a');
    goOn('b');
    expect(request.body).toBe('{"after":"b"}');
    expect(() => goOn('a')).toThrow('it leads back to a page that was there before');
  });

  it('takes all pages of a customer together up to a bound', () => {
    const walk = new PageWalk(compilePagination(CURSOR));
    let request = walk.first({ url: URL_OF_FIRST });
    const { answer } = received('');
    const bodies = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => Buffer.alloc(MAX_PAGES_BYTES / 8 + 1, at));
    const page = (at: number) => ({
      answer: { ...answer, body: bodies[at - 1] ?? answer.body },
      json: () => ({ next: at }),
    });
    const read = () => {
      for (let at = 1; at <= 8; at += 1) request = walk.next(request, page(at), 1) ?? request;
    };
    expect(read).toThrow('the pages are larger than 64 MiB altogether');
    expect(walk.number).toBe(8);
  });

  it('keeps all else of the request', () => {
    const walk = new PageWalk(compilePagination(LINK));
    const first = walk.first({ url: URL_OF_FIRST, method: 'POST', headers: { a: 'b' }, body: 'x' });
    expect(walk.next(first, received('{"next":"2"}'), 0)).toEqual({ ...first, url: 'http://h/c/2' });
  });

  it('takes pages without records that are the same for none that go in a circle', () => {
    const walk = new PageWalk(compilePagination({ ...CURSOR, while: '@' } as PaginationSetting));
    let request = walk.first({ url: URL_OF_FIRST });
    for (const cursor of ['a', 'b'])
      request = walk.next(request, received(`{"next":"${cursor}","items":[]}`), 0) ?? request;
    expect(walk.number).toBe(3);
  });
});
