import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withParameter } from './query-parameter.ts';

describe('withParameter', () => {
  it.each([
    ['http://h/c', 'http://h/c?page=2'],
    ['http://h/c?', 'http://h/c?page=2'],
    ['http://h/c?a=%C3%A9&b', 'http://h/c?a=%C3%A9&b&page=2'],
    ['http://h/c?page=1&a=1&p%61ge=7', 'http://h/c?a=1&page=2'],
    ['http://h/c?x=a?b&%=1', 'http://h/c?x=a?b&%=1&page=2'],
  ])('puts it into %s', (url, expected) => {
    expect(withParameter(url, 'page', '2')).toBe(expected);
  });

  it('sends any value as it is, and changes no other parameter', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (name, value) => {
        const { origin, pathname, searchParams } = new URL(withParameter('http://h/c?other=a%2Bb', name, value));
        expect({ origin, pathname }).toEqual({ origin: 'http://h', pathname: '/c' });
        expect(searchParams.getAll(name)).toEqual([value]);
        if (name !== 'other') expect(searchParams.get('other')).toBe('a+b');
      }),
    );
  });
});
