import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromWords } from './from-words.ts';

describe('fromWords', () => {
  it.each(['1e3', '0x10', ' 5', '5 ', '', '+5', '.5', '5.', '05', 'NaN', 'Infinity', '1_000', '1,5', '٣'])(
    'does not take %j for a number',
    (word) => {
      expect(fromWords('number', word)).toEqual({ value: word });
    },
  );

  it('takes every plain decimal for the number it is', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(999), (whole, part) => {
        expect(fromWords('number', String(whole))).toEqual({ value: whole });
        expect(fromWords('number', `${Math.abs(whole)}.${part}`)).toEqual({
          value: Number(`${Math.abs(whole)}.${part}`),
        });
      }),
    );
  });

  it('takes a column for a number only where it is written as one', () => {
    expect(fromWords('column', '2')).toEqual({ value: 2 });
    expect(fromWords('column', '007')).toEqual({ value: '007' });
    expect(fromWords('column', 'customer id')).toEqual({ value: 'customer id' });
  });

  it('takes nothing but true and false for a boolean, and those of yargs', () => {
    expect(fromWords('boolean', 'false')).toEqual({ value: false });
    expect(fromWords('boolean', false)).toEqual({ value: false });
    expect(fromWords('boolean', 'yes')).toEqual({ value: 'yes' });
    expect(fromWords('boolean', '')).toEqual({ value: '' });
  });

  it('refuses a repeated flag that takes one value', () => {
    expect(fromWords('text', ['a', 'b'])).toEqual({ expected: 'one value', got: '2 of them' });
    expect(fromWords('number', ['1', '1'])).toEqual({ expected: 'one value', got: '2 of them' });
  });

  it('joins lists that are repeated, comma separated or JSON', () => {
    expect(fromWords('list', ['id, a.b', '["x,y"]'])).toEqual({ value: ['id', 'a.b', 'x,y'] });
    expect(fromWords('list', 'id')).toEqual({ value: ['id'] });
    expect(fromWords('list', 'id,')).toEqual({ value: ['id', ''] });
  });

  it('takes a query as pairs and as JSON', () => {
    expect(fromWords('pairs', ['a=b=c ', '{"n": 1}'])).toEqual({ value: { a: 'b=c ', n: 1 } });
    expect(fromWords('pairs', ['a=1', 'a=2'])).toEqual({ expected: 'each name once', got: 'a twice' });
  });

  it('takes headers as lines and as JSON', () => {
    expect(fromWords('headers', ['Accept:  a:b ', '{"X-A": "1"}'])).toEqual({ value: { Accept: 'a:b', 'X-A': '1' } });
  });

  it.each(['Bearer hunter2', ':hunter2', '{"a": hunter2}', 'null', ''])(
    'refuses the header %j without repeating it',
    (word) => {
      expect(fromWords('headers', word)).toMatchObject({ got: 'something else' });
    },
  );

  it('refuses a header given twice', () => {
    expect(fromWords('headers', ['A: 1', 'A: 2'])).toEqual({ expected: 'each header once', got: 'A twice' });
  });
});
