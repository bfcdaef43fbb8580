import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseJson } from './parse-json.ts';
import { compilePath } from './path.ts';

describe('compilePath', () => {
  it('finds own properties by names joined by dots, elements by their index, and the whole by @', () => {
    const value = { a: { b: [10, { c: null }] }, 'x-y z': 1 };
    const at = (path: string) => compilePath(path).get(value);
    expect([at('a.b.0'), at('a.b.1.c'), at('x-y z'), at('@')]).toEqual([10, null, 1, value]);
    expect([at('a.z'), at('a.b.2'), at('a.b.1.c.d'), at('q.r')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('finds nothing that the answer did not send', () => {
    const value = parseJson('{"list":[1],"text":"abc","number":1.0,"__proto__":{"own":1}}');
    const at = (path: string) => compilePath(path).get(value);
    for (const path of [
      'constructor',
      'toString',
      'list.length',
      'text.length',
      'text.0',
      'number.rawJSON',
      'list.map',
    ]) {
      expect(at(path)).toBeUndefined();
    }
    expect(at('__proto__.own')).toBe(1);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[?b', '[?a==1]]', 'nosuch(@', 'a\nb'])('refuses %j', (path) => {
    expect(() => compilePath(path)).toThrow(UsageError);
  });

  it('takes what is more than names joined by dots for JMESPath, and keeps the digits of what it finds', () => {
    const value = parseJson('{"data":{"items":[{"n":12345678901234567890,"t":"a"},{"n":1.0,"t":"b"}],"none":null}}');
    const at = (path: string) => compilePath(path).get(value);
    expect(JSON.stringify(at('data.items[].n'))).toBe('[12345678901234567890,1.0]');
    expect(JSON.stringify(at("data.items[?t=='b'].n | [0]"))).toBe('1.0');
    expect(at('data.items[5].n')).toBeUndefined();
    expect(at('data.none || constructor[0]')).toBeUndefined();
    expect(at('[constructor][0]')).toBeUndefined();
  });
});
