import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SaidLines } from './said-lines.ts';

function said(...texts: string[]): string[] {
  const heard: string[] = [];
  const lines = new SaidLines((line) => heard.push(line));
  for (const text of texts) lines.push(text);
  lines.end();
  return heard;
}

describe('SaidLines', () => {
  it('says each line, the last one too where it does not end', () => {
    expect(said('a\r\nb\n\n', 'c', 'd')).toEqual(['a', 'b', '', 'cd']);
    expect(said()).toEqual([]);
  });

  it('says the same wherever the text is broken', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r') })), (texts) => {
        expect(said(...texts)).toEqual(said(texts.join('')));
      }),
    );
  });

  it('cuts a long line and counts what is too much, and is whole again after that', () => {
    const long = 'word '.repeat(600);
    expect(said(long.slice(0, 1500), `${long.slice(1500)}\nnext`)).toEqual([`${'word '.repeat(400)}…`, 'next']);
    expect(said('x'.repeat(2000))).toEqual(['x'.repeat(2000)]);
    expect(said('y\n'.repeat(201)).slice(199)).toEqual(['y', '… and 1 more line']);
  });

  it('cuts no word in two, which may be a secret', () => {
    const [line = ''] = said(`token: ${'s3cret'.repeat(400)}`);
    expect(line).toBe('token: …');
    expect(said('s3cret'.repeat(400))).toEqual([' …']);
  });
});
