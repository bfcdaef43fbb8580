import { describe, expect, it } from 'vitest';
import { AnswerError } from './answer-error.ts';
import { parseJson } from './parse-json.ts';
import { compilePath } from './path.ts';
import { selectRecords } from './select.ts';

const select = (json: string, path = 'details') => selectRecords(parseJson(json), compilePath(path));

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
    ['{"a":{"b":7}}', "a.b || 'x'", "a.b || 'x' is a number, not an array"],
    ['{"a":1}', 'sum(a)', /^sum\(a\) cannot be applied: /],
    ['{"data":{}}', 'data.items', 'there is no data.items in the answer (it has: data)'],
  ])('says of %s at %s what came', (json, path, message) => {
    expect(() => select(json, path)).toThrow(typeof message === 'string' ? new AnswerError(message) : message);
  });

  it('shows a bounded number of bounded names', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `${at}-${'n'.repeat(1000)}`);
    const json = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'secret'])));
    expect(() => select(json)).toThrow(/^there is no details in the answer \(it has: (?:\d-n{38}…, ){8}…\)$/);
  });
});
