import { describe, expect, it } from 'vitest';
import { bomBytes, refusedFormat } from './list-format.ts';

describe('refusedFormat', () => {
  it.each([
    ['UTF-16LE', Buffer.from('\ufeffid\n', 'utf16le'), 'UTF-16 (by its byte order mark)'],
    ['UTF-16BE', Buffer.from('\ufeffid\n', 'utf16le').swap16(), 'UTF-16 (by its byte order mark)'],
    ['UTF-16LE without a mark', Buffer.from('id\n', 'utf16le'), 'seems to be in UTF-16'],
    ['UTF-16BE without a mark', Buffer.from('id\n1', 'utf16le').swap16(), 'seems to be in UTF-16'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'gzip'],
    ['a workbook', Buffer.from('PK\u0003\u0004xl'), 'workbook'],
  ])('refuses %s and says how to go on', (_, head, name) => {
    expect(refusedFormat(head)).toContain(name);
    expect(refusedFormat(head)).toContain('UTF-8');
  });

  it.each(['', 'i', 'id\n1', '\ufeffid', '\0\0\0\0', 'a\0', 'PKW,1', 'é,ü'])('takes %j for text', (text) => {
    expect(refusedFormat(Buffer.from(text))).toBeUndefined();
  });
});

describe('bomBytes', () => {
  it('knows the byte order mark of UTF-8', () => {
    expect(bomBytes(Buffer.from('\ufeffid'))).toBe(3);
    expect(bomBytes(Buffer.from('id'))).toBe(0);
    expect(bomBytes(Buffer.from([0xef, 0xbb]))).toBe(0);
  });
});
