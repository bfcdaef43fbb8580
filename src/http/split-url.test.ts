import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitUrl } from './split-url.ts';

const parsed = (url: string) => ({ origin: new URL(url).origin, path: new URL(url).pathname + new URL(url).search });

it.each([
  'http://host/rest/C0001',
  'https://host.example:8443/a/b?id=1&x=%20y',
  'http://127.0.0.1:8080/a/./b/../c',
  'http://host/%2e%2E/c',
  'HTTP://Host/ä?ö',
  'http://[::1]:8080/c',
  'http://host',
  'http://host:80/c',
  'http://host:443/c?',
  'http://host?x=1',
  "http://host/a?b='c'",
  'http://host/a"b',
])('%s is taken apart as a URL parser does', (url) => {
  expect(splitUrl(url)).toEqual(parsed(url));
});

const unit = fc.constantFrom(...'aZ09./%2eE?#&=\\{}<>|^`\'"@:;,+~!$()* üé客\t\n');

it('whatever stands in a path, it is sent as a URL parser writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit }), fc.string(), (path, query) => {
      const url = `http://127.0.0.1:8080/${path}?${query}`;
      fc.pre(URL.canParse(url));
      expect(splitUrl(url)).toEqual(parsed(url));
    }),
  );
});
