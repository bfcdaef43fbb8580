import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { AnswerError } from './answer-error.ts';
import { parseJson } from './parse-json.ts';
import { compilePath, selectRecords } from './select.ts';

const select = (json: string, path = 'details') => selectRecords(parseJson(json), compilePath(path));

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

  it.each(['', '.', 'a.', '.a', 'a..b'])('refuses %j', (path) => {
    expect(() => compilePath(path)).toThrow(UsageError);
  });
});

describe('selectRecords', () => {
  it('gives the array at the path', () => {
    expect(select('{"details":[1,2]}')).toEqual([1, 2]);
    expect(select('{"data":{"items":[]}}', 'data.items')).toEqual([]);
    expect(select('[1]', '@')).toEqual([1]);
  });

  it.each([
    ['{"details":{}}', 'details', 'details is an object, not an array'],
    ['{"details":null}', 'details', 'details is null, not an array'],
    ['{"details":"x"}', 'details', 'details is a string, not an array'],
    ['{"details":1.0}', 'details', 'details is a number, not an array'],
    ['{"a":1}', '@', 'the answer is an object, not an array'],
    ['{"error":1,"code":2}', 'details', 'there is no details in the answer (it has: error, code)'],
    ['{}', 'details', 'there is no details in the answer (it is an empty object)'],
    ['[]', 'details', 'there is no details in the answer (it is an array)'],
    ['null', 'details', 'there is no details in the answer (it is null)'],
    ['7.0', 'details', 'there is no details in the answer (it is a number)'],
    ['{"data":{}}', 'data.items', 'there is no data.items in the answer (it has: data)'],
  ])('says of %s at %s what came', (json, path, message) => {
    expect(() => select(json, path)).toThrow(new AnswerError(message));
  });

  it('shows a bounded number of bounded names', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `${at}-${'n'.repeat(1000)}`);
    const json = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'secret'])));
    expect(() => select(json)).toThrow(/^there is no details in the answer \(it has: (?:\d-n{38}…, ){8}…\)$/);
  });
});
