import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { compileUrl } from './url-template.ts';

const urlOf = (template: string, ...values: string[]) => {
  const expanded = compileUrl(template).expand(values);
  return 'url' in expanded ? expanded.url : expanded;
};
/** What a row may hold: any text, and the texts that are special to URLs. */
const anyValue = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', '?', '#', '@', ':', ';', '&', '=', ' ', 'a') }),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '../admin',
    'http://elsewhere/',
    '//decoy/',
    '@decoy',
    'a\r\nX: y',
    'Zoë',
    '客户',
  ),
);

describe('compileUrl', () => {
  it('names the placeholders other than the customer, each once, in order of first use', () => {
    const { placeholders, expand } = compileUrl('http://h/{b}/{0}?q={a}&r={b}&s={customer name}');
    expect(placeholders).toEqual(['b', 'a', 'customer name']);
    expect(expand(['7', 'B', 'A', 'N'])).toEqual({ url: 'http://h/B/7?q=A&r=B&s=N' });
  });

  it.each([
    ['../admin', '..%2Fadmin'],
    ['a/b', 'a%2Fb'],
    ['x?y=1', 'x%3Fy%3D1'],
    ['#f', '%23f'],
    ['a&b=c;d', 'a%26b%3Dc%3Bd'],
    ['a\r\nHost: decoy', 'a%0D%0AHost%3A%20decoy'],
    ['http://elsewhere/', 'http%3A%2F%2Felsewhere%2F'],
    ['@decoy', '%40decoy'],
    ['a\\b', 'a%5Cb'],
    ['%2e%2e', '%252e%252e'],
    ["!'()*", '%21%27%28%29%2A'],
    ['Zoë', 'Zo%C3%AB'],
    ['007', '007'],
    ['a-._~', 'a-._~'],
  ])('S1 to S4: encodes %j as %s, in a path as in a query', (value, encoded) => {
    expect(urlOf('http://h/c/{0}', value)).toBe(`http://h/c/${encoded}`);
    expect(urlOf('http://h/c?id={0}', value)).toBe(`http://h/c?id=${encoded}`);
  });

  it.each([
    ['http://h/c/{0}', '.'],
    ['http://h/c/{0}', '..'],
    ['http://h/c/.{0}', '.'],
    ['http://h/c/%2e{0}', '.'],
    ['http://h/c/{0}/details', '..'],
    ['http://h/c/{0};v=1', '..'],
    ['http://h/c/{0}{0}', '.'],
    ['http://h/c/{0}', ''],
    ['http://h/c?id={0}', ''],
    ['http://h/c/{0}', '\ud800'],
    ['http://h/c/{0}', 'a\0b'],
  ])('finds %s with %j impossible to send safely', (template, value) => {
    expect(compileUrl(template).expand([value])).toHaveProperty('problem');
  });

  it('sends dots where they are harmless, and leaves out a query value that a row lacks', () => {
    expect(urlOf('http://h/c-{0}', '..')).toBe('http://h/c-..');
    expect(urlOf('http://h/c?id={0}', '..')).toBe('http://h/c?id=..');
    expect(urlOf('http://h/{0}?region={r}', '7', '')).toBe('http://h/7?region=');
    expect(compileUrl('http://h/{r}/{0}').expand(['7', ''])).toHaveProperty('problem');
  });

  it.each([
    ['http://{0}/c', 'before its path'],
    ['http://{0}.example.org/c', 'before its path'],
    ['http://h:{0}/c', 'before its path'],
    ['{0}://h/c', 'before its path'],
    ['http://{0}@h/c', 'before its path'],
    ['http://user:hunter2@h/{0}', 'user name'],
    ['http://h/{0}#x', 'fragment'],
    ['http://h/c#{0}', 'fragment'],
    ['file:///etc/{0}', 'http://'],
    ['/customers/{0}', 'http://'],
    ['h/{0}', 'http://'],
    ['http:///{0}', 'not a valid address'],
    ['http://h:99999/{0}', 'not a valid address'],
    ['http://h/a b/{0}', 'blank'],
    ['http://h/{0}\n', 'blank'],
    ['http://h\\a/{0}', 'backslash'],
    ['http://h/{0', 'brace'],
    ['http://h/0}', 'brace'],
    ['http://h/{{0}}', 'brace'],
    ['http://h/{}', 'brace'],
    ['http://h/%{0}', '%25'],
    ['http://h/%2{0}', '%25'],
  ])('refuses %j', (template, part) => {
    expect(() => compileUrl(template)).toThrow(UsageError);
    expect(() => compileUrl(template)).toThrow(part);
    expect(() => compileUrl(template)).not.toThrow(/hunter2/);
  });

  it('S1 to S3: never lets a value change the origin, the path above it, or the number of segments', () => {
    const { expand } = compileUrl('https://api.example.org:8443/v1/customers/{0}/details');
    fc.assert(
      fc.property(anyValue, (value) => {
        const expanded = expand([value]);
        if ('problem' in expanded) return;
        const url = new URL(expanded.url);
        expect(url.origin).toBe('https://api.example.org:8443');
        expect([url.search, url.hash, url.username, url.href]).toEqual(['', '', '', expanded.url]);
        const [, v1, customers, segment = '', details, ...more] = url.pathname.split('/');
        expect([v1, customers, details, more]).toEqual(['v1', 'customers', 'details', []]);
        expect(decodeURIComponent(segment)).toBe(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets a value change another query parameter', () => {
    const { expand } = compileUrl('http://h/c?key=secret&id={0}&{name}=1');
    fc.assert(
      fc.property(anyValue, anyValue, (value, name) => {
        const expanded = expand([value, name]);
        if ('problem' in expanded) return;
        const url = new URL(expanded.url);
        expect(url.pathname).toBe('/c');
        expect([...url.searchParams]).toEqual([
          ['key', 'secret'],
          ['id', value],
          [name, '1'],
        ]);
      }),
    );
  });
});
