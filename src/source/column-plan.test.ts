import { describe, expect, it } from 'vitest';
import { SourceError } from '../errors.ts';
import { planColumns } from './column-plan.ts';

const HEADER = ['id', 'Region', 'tier', 'tier'];
const indices = (
  column: string | number,
  placeholders: readonly string[] = [],
  header: string[] | undefined = HEADER,
) => planColumns({ list: 'the list x', header, column, placeholders }).indices;

describe('planColumns', () => {
  it('counts {1}, {2} … without the column of the customer', () => {
    expect(indices(1, ['1', '2', '3'])).toEqual([0, 1, 2, 3]);
    expect(indices(2, ['1', '2', '3'])).toEqual([1, 0, 2, 3]);
    expect(indices(4, ['3', '1', '0'])).toEqual([3, 2, 0, 3]);
  });

  it('finds names as they are, then without regard to case', () => {
    expect(indices('region', ['ID', 'id'])).toEqual([1, 0, 0]);
    expect(indices('ID', [], ['Id', 'id', 'ID'])).toEqual([2]);
    expect(() => indices('iD', [], ['Id', 'id'])).toThrow('2 columns');
  });

  it.each([
    ['customer', [], 'the list x has no column "customer"; its columns are "id", "Region", "tier", "tier"'],
    ['tier', [], 'the list x has 2 columns "tier" (3, 4); its columns are'],
    [5, [], 'has no column 5; its columns are'],
    [0, [], 'has no column 0'],
    [1.5, [], 'has no column 1.5'],
    [1, ['country'], 'has no column "country" for the placeholder {country}'],
    [1, ['tier'], 'has 2 columns "tier"'],
    [1, ['4'], 'has no column for the placeholder {4}'],
  ])('refuses the column %j with the placeholders %j', (column, placeholders, message) => {
    expect(() => indices(column, placeholders)).toThrow(SourceError);
    expect(() => indices(column, placeholders)).toThrow(message);
  });

  it.each([
    ['id;name', '";"'],
    ['id\tname', 'a tab'],
    ['id|name', '"|"'],
  ])('says what stands between the columns of %j', (header, separator) => {
    expect(() => indices('id', [], [header])).toThrow(`${separator} seems to stand between its columns`);
  });

  it('needs a header for names, and none for numbers', () => {
    const plan = (column: string | number, placeholders: readonly string[]) =>
      planColumns({ list: 'the list x', header: undefined, column, placeholders });
    expect(plan(3, ['7']).indices).toEqual([2, 7]);
    expect(() => plan('id', [])).toThrow('the list x has no column "id": it has no header');
    expect(() => plan(1, ['id'])).toThrow('no header');
  });
});
