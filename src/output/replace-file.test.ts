import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OutputError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { replaceByNew, writeNew } from './replace-file.ts';

it('puts a new file in the place of the old, over what a crash left beside it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'report.html');
  writeFileSync(path, 'old');
  writeFileSync(`${path}.new`, 'half of anoth');
  expect(await writeNew(path, (file) => file.append(Buffer.from('whole')))).toBe(5);
  expect(readFileSync(path, 'utf8')).toBe('old');
  await replaceByNew(path);
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

it('leaves the old file and nothing else where the new one cannot be written', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'report.html');
  writeFileSync(path, 'old');
  const full = new OutputError(path, Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  const writing = writeNew(path, async (file) => {
    await file.append(Buffer.from('half'));
    throw full;
  });
  await expect(writing).rejects.toBe(full);
  expect(readdirSync(folder)).toEqual(['report.html']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});
