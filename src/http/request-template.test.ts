import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestSettings } from '../channel/protocol.ts';
import { compileRequest } from './request-template.ts';

const compile = (changes: Partial<RequestSettings>) =>
  compileRequest({ url: 'http://h/c', headers: {}, query: {}, ...changes });

const expandTo = (changes: Partial<RequestSettings>, ...values: string[]) => {
  const expanded = compile(changes).expand(values);
  return 'request' in expanded ? expanded.request : expanded;
};

describe('compileRequest', () => {
  it('gives nothing but the URL for a bare GET, and keeps headers that are the same for all apart', () => {
    const settings = { url: 'http://h/{0}', headers: { Accept: 'text/csv', 'X-Shape': '{{0}} { a }' } };
    expect(expandTo(settings, '7')).toEqual({ url: 'http://h/7' });
    expect(compile(settings).sharedHeaders).toEqual({ accept: 'text/csv', 'x-shape': '{0} { a }' });
  });

  it('names the placeholders of all places, each once, in order of first use', () => {
    const { placeholders, expand } = compile({
      url: 'http://h/{0}?r={region}',
      query: { name: '{last name}' },
      headers: { 'X-Of': '{0}/{region}/{branch}' },
      body: { json: { branch: '{branch}', shop: ['{shop}'] } },
    });
    expect(placeholders).toEqual(['region', 'last name', 'branch', 'shop']);
    expect(expand(['7', 'R', 'L N', 'B', 'S'])).toEqual({
      request: {
        method: 'POST',
        url: 'http://h/7?r=R&name=L%20N',
        headers: { 'x-of': '7/R/B' },
        body: '{"branch":"B","shop":["S"]}',
      },
    });
  });

  it.each([
    ['http://h/c', 'http://h/c?a%20b=x%2F7%26&n=1'],
    ['http://h/c?', 'http://h/c?a%20b=x%2F7%26&n=1'],
    ['http://h/c?p=1', 'http://h/c?p=1&a%20b=x%2F7%26&n=1'],
    ['http://h/c?p=1&', 'http://h/c?p=1&a%20b=x%2F7%26&n=1'],
  ])('adds the query to %s', (url, whole) => {
    expect(expandTo({ url, query: { 'a b': 'x/{0}&', n: 1 } }, '7')).toMatchObject({ url: whole });
  });

  it.each(['a\r\nX-Admin: 1', 'a\nb', '\x1b[0m', 'Łódź', 'a\0'])('S4: refuses %j in a header', (customer) => {
    expect(expandTo({ headers: { 'X-Of': 'c={0}' } }, customer)).toEqual({
      problem: expect.stringMatching(
        /^the customer has a (?:character in it that cannot stand in the header X-Of|NUL)/,
      ),
    });
  });

  it('sends a method of its own, without a body too', () => {
    expect(expandTo({ method: 'DELETE', url: 'http://h/{0}' }, '7')).toEqual({ method: 'DELETE', url: 'http://h/7' });
    expect(expandTo({ method: 'PUT', body: { json: null } }, '7')).toMatchObject({ method: 'PUT', body: 'null' });
  });

  it('says what kind of body it is, unless the headers do', () => {
    expect(compile({ body: { json: '{0}' } }).sharedHeaders).toEqual({ 'content-type': 'application/json' });
    const headers = { 'Content-Type': 'application/vnd.api+json' };
    expect(compile({ body: { json: '{0}' }, headers }).sharedHeaders).toEqual({
      'content-type': 'application/vnd.api+json',
    });
    expect(compile({ body: { form: { id: '{0}' } } }).sharedHeaders).toEqual({
      'content-type': 'application/x-www-form-urlencoded',
    });
  });
});

describe('a JSON body', () => {
  const anything = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

  it('is the JSON of the settings with each value as one text, whatever is in it', () => {
    const json = { '{0}': ['{0}', 'id-{0}.', 1.5, true, null, { deep: '{x}{0}' }] };
    fc.assert(
      fc.property(anything, anything, (customer, x) => {
        const request = expandTo({ url: 'http://h/c', body: { json } }, customer || 'c', x);
        const sent: unknown = JSON.parse('body' in request ? (request.body ?? '') : '');
        const c = customer || 'c';
        expect(sent).toEqual({ '{0}': [c, `id-${c}.`, 1.5, true, null, { deep: x + c }] });
      }),
    );
  });

  it('takes braces with blanks inside, as GraphQL has them, for text', () => {
    const query = 'query ($id: ID!) { customer(id: $id) { id } }';
    expect(expandTo({ body: { json: { query, variables: { id: '{0}' } } } }, '7')).toMatchObject({
      body: JSON.stringify({ query, variables: { id: '7' } }),
    });
  });

  it('has a number with the digits of the list where one is asked for, and refuses what is none', () => {
    const body = { json: { id: '{0:number}', text: 'no {0}' } };
    expect(expandTo({ body }, '900719925474099312')).toMatchObject({
      body: '{"id":900719925474099312,"text":"no 900719925474099312"}',
    });
    expect(compile({ body: { json: ['{age:number}'] } }).placeholders).toEqual(['age']);
    for (const customer of ['007', '1,"admin":true', 'NaN', '0x1f', '']) {
      expect(expandTo({ body }, customer || ' ')).toEqual({
        problem: 'the customer is no number, as the body wants it',
      });
    }
  });

  it('refuses half a surrogate pair', () => {
    expect(expandTo({ body: { json: '{0}' } }, 'a\ud800')).toEqual({
      problem: 'the customer has half a surrogate pair in it',
    });
  });
});

describe('a form', () => {
  it('reads back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (customer) => {
        fc.pre(!customer.includes('\0'));
        const form = { 'a b': 'x={0}&y', n: 5, ok: true };
        const request = expandTo({ body: { form } }, customer);
        const sent = new URLSearchParams('body' in request ? request.body : '');
        expect([...sent]).toEqual([
          ['a b', `x=${customer}&y`],
          ['n', '5'],
          ['ok', 'true'],
        ]);
      }),
    );
  });
});

describe('auth', () => {
  it.each([
    [{ type: 'basic', username: 'me', password: 'pä:ss' }, `Basic ${Buffer.from('me:pä:ss').toString('base64')}`],
    [{ type: 'bearer', token: 'a.b' }, 'Bearer a.b'],
  ] as const)('puts %j into a header for all requests', (auth, authorization) => {
    expect(compile({ url: 'http://h/{0}', auth }).sharedHeaders).toEqual({ authorization });
  });

  it('puts a key where it belongs, braces and all', () => {
    const auth = { type: 'api_key', name: 'X-Key', value: 'a{0}&b' } as const;
    expect(compile({ auth: { ...auth, in: 'header' } }).sharedHeaders).toEqual({ 'x-key': 'a{0}&b' });
    expect(expandTo({ url: 'http://h/{0}?x', auth: { ...auth, in: 'query' } }, '7')).toEqual({
      url: 'http://h/7?x&X-Key=a%7B0%7D%26b',
    });
  });
});
