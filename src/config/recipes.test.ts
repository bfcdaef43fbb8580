import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SettingsError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { loadSettings } from './load.ts';

/** What a reader has and this machine has not: secrets and files. */
const OF_THE_READER = /environment variable \w+ is not set|there is no such file/;

/** Parts of a settings file: an object, members of one, or ways to write the same member, a line each. */
function partsOf(block: string): unknown[] {
  if (block.startsWith('{')) return [JSON.parse(block)];
  const lines = block.split('\n').filter((line) => line !== '');
  const names = lines.map((line) => /^"(\w+)":/.exec(line)?.[1]);
  const isWays = lines.length > 1 && names[0] !== undefined && names.every((name) => name === names[0]);
  return isWays ? lines.map((line) => JSON.parse(`{${line}}`)) : [JSON.parse(`{${block}}`)];
}

it('every recipe is a part of a settings file as it stands', async () => {
  const page = await readFile(new URL('../../docs/recipes.md', import.meta.url), 'utf8');
  const parts = [...page.matchAll(/^```json\n(.*?)^```$/gms)].flatMap(([, block = '']) => partsOf(block));
  expect(parts.length).toBeGreaterThan(5);
  const folder = temporaryFolder();
  for (const part of parts) {
    const path = join(folder, 'aggregate.config.json');
    await writeFile(path, JSON.stringify({ source_file: 'list.csv', url: 'https://h/{0}', ...Object(part) }));
    const problems = await loadSettings({ flags: {}, env: {}, cwd: folder }).then(
      () => [],
      (error: unknown) => (error instanceof SettingsError ? error.problems : [String(error)]),
    );
    expect(problems.filter((problem) => !OF_THE_READER.test(problem))).toEqual([]);
  }
});
