import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { AnswerError } from './answer-error.ts';
import { parseAnswer } from './read-answer.ts';
import { createReadRecords } from './read-records.ts';

const settings = { records: 'details', fields: ['id', 'relevanceScore', 'relevanceRank'], format: 'text' } as const;
const answer = (body: string) => parseAnswer(Buffer.from(body));

describe('createReadRecords', () => {
  const readRecords = createReadRecords(settings);

  it("turns an answer into the customer's lines, with the digits that the server sent", () => {
    const body =
      '{"details":[{"id":9007199254740993,"relevanceScore":1.0,"relevanceRank":null},{"id":"b","relevanceScore":0.5,"relevanceRank":2}]}';
    expect(readRecords(answer(body), ['007'])).toEqual({
      text: '007, 9007199254740993, 1.0, \n007, b, 0.5, 2\n',
      records: 2,
    });
  });

  it('has no lines for a customer without records', () => {
    expect(readRecords(answer('{"details":[]}'), ['7'])).toEqual({ text: '', records: 0 });
  });

  it('survives a field that is nested more deeply than the stack', () => {
    const deep = `${'['.repeat(500_000)}1${']'.repeat(500_000)}`;
    const readAll = createReadRecords({ records: '@', fields: ['v'], format: 'text' });
    // Newer versions of V8 write it without recursion.
    const outcome = () => {
      try {
        return readAll(answer(`[{"v":${deep}}]`), ['7']).text;
      } catch (error) {
        return error;
      }
    };
    expect([`7, ${deep}\n`, new AnswerError('a record is nested too deeply')]).toContainEqual(outcome());
    expect(readAll(answer('[{"v":1}]'), ['7']).records).toBe(1);
  });

  it('refuses a wrong path before any answer', () => {
    expect(() => createReadRecords({ ...settings, fields: ['a..b'] })).toThrow(UsageError);
  });
});
