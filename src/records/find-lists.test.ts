import { expect, it } from 'vitest';
import { findLists } from './find-lists.ts';
import { parseJson } from './parse-json.ts';

it('findLists names the lists of objects in an answer, the outermost first, with the fields of a record', () => {
  const answer = parseJson(
    '{"meta":{"tags":["a"]},"data":{"items":[{"id":12345678901234567890,"name":"x","more":{},"a.b":1}]},"rows":[{"k":null}],"a-b.c":[{"x":1}]}',
  );
  expect(findLists(answer)).toEqual([
    { records: 'rows', fields: ['k'] },
    { records: 'data.items', fields: ['id', 'name'] },
  ]);
  expect(findLists([{ id: 1 }])).toEqual([{ records: '@', fields: ['id'] }]);
  for (const none of [null, 'text', 5, [], [1], {}, { details: [] }]) expect(findLists(none)).toEqual([]);
});

it('findLists looks neither far nor long, whatever comes', () => {
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`list${i}`, [{ id: i }]]));
  expect(findLists(wide)).toHaveLength(5);
  let deep: unknown = [{ id: 1 }];
  for (let i = 0; i < 10; i += 1) deep = { inner: deep };
  expect(findLists(deep)).toEqual([]);
});
