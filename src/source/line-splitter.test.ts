import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';

const split = (list: Buffer, blockBytes = list.length || 1): Line[] => {
  const splitter = new LineSplitter();
  const lines: Line[] = [];
  for (let at = 0; at < list.length; at += blockBytes) lines.push(...splitter.push(list.subarray(at, at + blockBytes)));
  return [...lines, ...splitter.end()];
};

const bytesOf = (line: Line): Buffer =>
  Buffer.concat([
    Buffer.from(line.raw instanceof Uint8Array ? line.raw : Buffer.from(line.raw)),
    Buffer.from(line.lineBreak),
  ]);

const lists = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '"', '""', ',', 'C1', 'é', '😀', ' ').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

describe('LineSplitter', () => {
  it('ends lines at LF, CRLF and CR, and counts them and their quotes', () => {
    expect(
      split(Buffer.from('a\n"b"\r\n\rc\n\nd')).map(({ number, raw, lineBreak, quotes }) => [
        number,
        raw,
        lineBreak,
        quotes,
      ]),
    ).toEqual([
      [1, 'a', '\n', 0],
      [2, '"b"', '\r\n', 2],
      [3, '', '\r', 0],
      [4, 'c', '\n', 0],
      [5, '', '\n', 0],
      [6, 'd', '', 0],
    ]);
  });

  it('gives bytes where a line is not UTF-8, and text for the lines beside it', () => {
    const raws = split(Buffer.concat([Buffer.from('é\n'), Buffer.from('é\n', 'latin1'), Buffer.from('ü')])).map(
      ({ raw }) => raw,
    );
    expect(raws).toEqual(['é', new Uint8Array([0xe9]), 'ü']);
  });

  it('gives the same lines wherever blocks end', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 7 }), (list, blockBytes) => {
        expect(split(list, blockBytes)).toEqual(split(list));
      }),
    );
  });

  it('gives lines that joined are the list', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(Buffer.concat(split(list).map(bytesOf)).equals(list)).toBe(true);
      }),
    );
  });

  it('does not keep the block that it was given', () => {
    const splitter = new LineSplitter();
    const block = Buffer.from('one\ntw');
    const [first] = splitter.push(block);
    block.fill('x');
    expect([first?.raw, ...splitter.push(Buffer.from('o\n')).map(({ raw }) => raw)]).toEqual(['one', 'two']);
  });

  it.each([5, 65_536, 3_000_000])(
    'allows a line of the greatest length and refuses a longer one, in blocks of %i',
    (extra) => {
      const blockBytes = extra === 5 ? MAX_LINE_BYTES + 5 : extra;
      const fits = `a\n${'x'.repeat(MAX_LINE_BYTES)}\r\nb\n`;
      expect(split(Buffer.from(fits), blockBytes)).toHaveLength(3);
      const splitter = new LineSplitter();
      const list = Buffer.from(`a\n${'x'.repeat(MAX_LINE_BYTES + 1)}\nb\n`);
      const lines: Line[] = [];
      for (let at = 0; at < list.length; at += blockBytes)
        lines.push(...splitter.push(list.subarray(at, at + blockBytes)));
      expect([...lines, ...splitter.end()].map(({ raw }) => raw)).toEqual(['a']);
      expect(splitter.tooLongLine).toBe(2);
    },
  );
});
