import { describe, expect, it } from 'vitest';
import { AnswerError } from './answer-error.ts';
import { parseAnswer } from './read-answer.ts';

const parse = (body: string | number[], contentType?: string) => parseAnswer(Buffer.from(body), contentType);

describe('parseAnswer', () => {
  it('reads JSON, with a byte order mark before it too', () => {
    expect(parse('{"details":[]}')).toEqual({ details: [] });
    expect(parse('\ufeff{"details":[]}')).toEqual({ details: [] });
    expect(parse(' \n "Zoë 客户"')).toBe('Zoë 客户');
  });

  it.each([
    ['', 'answer is empty'],
    [' \r\n\t', 'answer is empty'],
    ['\ufeff', 'answer is empty'],
    ['<!DOCTYPE html>\n<p>Bad</p>', 'answer is an HTML page, not JSON: "<!DOCTYPE html> <p>Bad</p>"'],
    ['  <html><body>', 'answer is an HTML page, not JSON: "<html><body>"'],
    ['{"details":[{"id":1', 'answer ends in the middle of its JSON: "{"details":[{"id":1"'],
    ['{"details":', 'answer ends in the middle of its JSON: "{"details":"'],
    ['{"details":"abc', 'answer ends in the middle of its JSON: "{"details":"abc"'],
    ['{"id":NaN}', 'answer is not JSON: "{"id":NaN}"'],
    ['{"id":1} trailing', 'answer is not JSON: "{"id":1} trailing"'],
    ["{'id':1}", `answer is not JSON: "{'id':1}"`],
    ['upstream timed out', 'answer is not JSON: "upstream timed out"'],
    ['true false', 'answer is not JSON: "true false"'],
  ])('says of %j what came', (body, message) => {
    expect(() => parse(body)).toThrow(new AnswerError(message));
  });

  it('takes the word of the content type for a page that begins in another way', () => {
    expect(() => parse('<p>Down</p>', 'text/html; charset=utf-8')).toThrow(
      'answer is an HTML page, not JSON: "<p>Down</p>"',
    );
    expect(parse('{}', 'text/html')).toEqual({});
  });

  it('cuts what it shows, and never in the middle of a character', () => {
    expect(() => parse('x'.repeat(10_000_000))).toThrow(`answer is not JSON: "${'x'.repeat(80)}…"`);
    expect(() => parse(`${'x'.repeat(79)}😀😀`)).toThrow(`answer is not JSON: "${'x'.repeat(79)}\ufffd…"`);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parse([0x7b, 0x22, 0xff, 0x22, 0x7d])).toThrow('answer is not UTF-8: "{"\ufffd"}"');
    expect(() => parse([...Buffer.from('{"a":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d])).toThrow('answer is not UTF-8');
    expect(() => parse([0xff, 0xfe, 0x7b, 0x00])).toThrow('answer is not UTF-8');
  });

  it('refuses what is nested more deeply than the stack', () => {
    const deep = `${'['.repeat(1_000_000)}1.0${']'.repeat(1_000_000)}`;
    expect(() => parse(deep)).toThrow('answer is nested too deeply');
  });
});
