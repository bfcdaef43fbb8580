import { describe, expect, it } from 'vitest';
import { nextLinkIn } from './link-header.ts';

describe('nextLinkIn', () => {
  it.each([
    ['<https://h/c?page=2>; rel="next"', 'https://h/c?page=2'],
    ['<?page=1>; rel="prev", <?page=3>; rel="next", <?page=9>; rel=last', '?page=3'],
    ['<?a=1,2;b=3>; rel=next', '?a=1,2;b=3'],
    ['< /c >;rel = NEXT', '/c'],
    ['<a>; title="x, <b>; rel=next"; rel="prefetch next"', 'a'],
    ['<a>; rel="prev"; rel="next", <b>; rel="next"', 'b'],
    ['<a>; rel="next"; anchor="/other", <b>; rel=next', 'b'],
    ['<a>; Rel*=x; REL="ne\\xt"', 'a'],
    ['<>; rel=next', ''],
    ['<a>;; ;rel=next;', 'a'],
    [Buffer.from('<?q=é>; rel=next').toString('latin1'), '?q=é'],
  ])('finds the link in %s', (header, target) => {
    expect(nextLinkIn(header)).toBe(target);
  });

  it.each([
    undefined,
    '',
    '<a>',
    '<a>; rel="prev"',
    '<a>; rel="next-archive"',
    'a; rel=next',
    '<a; rel=next',
    '<a>, rel=next',
    '<a>; title="rel=next',
    ',,,;=',
  ])('finds none in %s', (header) => {
    expect(nextLinkIn(header)).toBeUndefined();
  });

  it.each(['<', '"\\"', ' ', '; ', '<a>;'])('is as quick with junk of 16 KiB: %j', (junk) => {
    expect(nextLinkIn(`${junk.repeat(16_384 / junk.length)}x`)).toBeUndefined();
  });
});
