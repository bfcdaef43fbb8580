import { expect, it } from 'vitest';
import { pingUrlFor } from './ping-url.ts';

it('puts the kind behind the path, before a query; success is the URL as it stands', () => {
  const kinds = (url: string) => (['start', 'success', 'fail'] as const).map((kind) => pingUrlFor(url, kind));
  expect(kinds('https://hc-ping.com/abc')).toEqual([
    'https://hc-ping.com/abc/start',
    'https://hc-ping.com/abc',
    'https://hc-ping.com/abc/fail',
  ]);
  expect(kinds('https://h.example/ping/key/?create=1')).toEqual([
    'https://h.example/ping/key/start?create=1',
    'https://h.example/ping/key/?create=1',
    'https://h.example/ping/key/fail?create=1',
  ]);
});
