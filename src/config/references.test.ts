import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { interpolate, interpolateAll } from './references.ts';

const fill = (text: string, env: NodeJS.ProcessEnv) => interpolate(text, { env, directory: '/' });
const reference = (name: string) => `$\{${name}}`;

describe('interpolate', () => {
  it('takes values from the environment and calls them secret', () => {
    const text = `a ${reference('ONE')} b ${reference('TWO')}`;
    expect(fill(text, { ONE: 'first', TWO: '$& $1' })).toEqual({
      value: 'a first b $& $1',
      secrets: ['first', '$& $1'],
      problems: [],
    });
  });

  it('does not fill what came from the environment a second time', () => {
    expect(fill(reference('ONE'), { ONE: reference('TWO'), TWO: 'x' }).value).toBe(reference('TWO'));
  });

  it('takes a doubled dollar sign before the brace for a plain one', () => {
    expect(fill(`$${reference('ONE')} $ONE $`, {})).toEqual({
      value: `${reference('ONE')} $ONE $`,
      secrets: [],
      problems: [],
    });
  });

  it('names each variable that is not set, inherited names included', () => {
    const { problems } = fill(`${reference('NO_SUCH')}${reference('toString')}`, {});
    expect(problems).toEqual([
      'the environment variable NO_SUCH is not set',
      'the environment variable toString is not set',
    ]);
  });

  it('takes an empty variable for an empty text, and not for a secret', () => {
    expect(fill(reference('EMPTY'), { EMPTY: '' })).toEqual({ value: '', secrets: [], problems: [] });
  });

  it.each([
    ['${', /closing brace/],
    ['x ${NAME', /closing brace/],
    [reference(''), /no variable name/],
  ])('refuses the reference %j without repeating it', (text, problem) => {
    const { problems } = fill(text, {});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});

describe('interpolateAll', () => {
  it('fills texts at any depth and leaves names and other values as they are', () => {
    const value = { headers: { [reference('A')]: reference('A') }, list: [reference('A'), 1, null, true] };
    expect(interpolateAll(value, { env: { A: 'secret' }, directory: '/' })).toEqual({
      value: { headers: { [reference('A')]: 'secret' }, list: ['secret', 1, null, true] },
      secrets: ['secret', 'secret'],
      problems: [],
    });
  });
});

describe('interpolate, from files', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const fromFile = (path: string) => interpolate(`Bearer $\{file:${path}}`, { env: {}, directory: folder });

  it.each([
    ['s3cret', 's3cret'],
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['s3cret\n\n', 's3cret\n'],
    [' s3cret ', ' s3cret '],
  ])('takes %j without its last line break, by a path relative to the settings file', (content, secret) => {
    writeFileSync(join(folder, 'token'), content);
    expect(fromFile('token')).toEqual({ value: `Bearer ${secret}`, secrets: [secret], problems: [] });
    expect(fromFile(join(folder, 'token')).secrets).toEqual([secret]);
  });

  it('names a file that is missing, a directory, or no text, and nothing of what is in it', () => {
    writeFileSync(join(folder, 'binary'), Buffer.from([0x73, 0x33, 0xff]));
    writeFileSync(join(folder, 'long'), 's3cret'.repeat(20_000));
    expect(fromFile('absent').problems).toEqual([`the file ${folder}/absent cannot be read: there is no such file`]);
    expect(fromFile('.').problems).toEqual([`the file ${folder} cannot be read: it is a directory`]);
    expect(fromFile('binary').problems).toEqual([
      `the file ${folder}/binary cannot be read: it holds bytes that are not UTF-8`,
    ]);
    expect(fromFile('long').problems).toEqual([`the file ${folder}/long cannot be read: it is too large`]);
  });
});
