import { describe, expect, it } from 'vitest';
import type { FieldSetting } from '../channel/protocol.ts';
import { compileFields } from './field.ts';
import { parseJson } from './parse-json.ts';
import { createReadRecords } from './read-records.ts';

const lines = (fields: FieldSetting[], json: string, values = ['C1'], placeholders: string[] = []) =>
  createReadRecords({ records: '@', fields, format: 'text' }, placeholders)(parseJson(json), values).text;

describe('compileFields', () => {
  it('names a field by its path, a value from the row by its column, unless it has a name', () => {
    const { fields } = compileFields(['address.city', '{region}', { name: 'x', path: 'a' }, { name: 'y', value: 1 }]);
    expect(fields.map(({ name }) => name)).toEqual(['address.city', 'region', 'x', 'y']);
  });

  it('wants the columns of the row behind those that the request wants, each once', () => {
    const { placeholders } = compileFields(['{b}', '{a}', '{0}', { name: 'x', value: '{c}/{b}' }], ['a', '1']);
    expect(placeholders).toEqual(['a', '1', 'b', 'c']);
  });

  it('takes values from the row, whatever the record holds', () => {
    const fields: FieldSetting[] = ['{0}', '{1}', 'id', { name: 'x', value: '{0}-{{0}}-{region}' }];
    const text = lines(fields, '[{"id":1.0,"0":"no"},{"id":2}]', ['C1', 'a', 'b, c'], ['1', 'region']);
    expect(text).toBe('C1, C1, a, 1.0, "C1-{0}-b, c"\nC1, C1, a, 2, "C1-{0}-b, c"\n');
  });

  it('writes constants as they are, and nothing for null', () => {
    const fields: FieldSetting[] = [
      { name: 'a', value: 'x, y' },
      { name: 'b', value: 1.5 },
      { name: 'c', value: false },
      { name: 'd', value: null },
      { name: 'e', value: '' },
    ];
    expect(lines(fields, '[{}]')).toBe('C1, "x, y", 1.5, false, , \n');
  });

  it('leaves a value empty that a record lacks, where it may be missing', () => {
    const score: FieldSetting = { path: 'score', missing: 'empty' };
    expect(lines(['id', score], '[{"id":1},{"id":2,"score":0},{"id":3,"score":null}]')).toBe(
      'C1, 1, \nC1, 2, 0\nC1, 3, \n',
    );
    expect(() => lines([{ name: 'points', path: 'score' }], '[{}]')).toThrow('record 1 has no score');
    expect(lines([{ path: 'tags[0].name', missing: 'empty' }], '[{"tags":[]}]')).toBe('C1, \n');
  });

  it('takes braces with a colon for JMESPath', () => {
    expect(lines(['{n: id}'], '[{"id":1.0}]')).toBe('C1, "{""n"":1.0}"\n');
  });
});
