import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readSettingsFile } from './settings-file.ts';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

const write = async (content: string | Uint8Array, name = 'aggregate.config.json'): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const read = (configPath?: string) => readSettingsFile(folder, configPath);

describe('readSettingsFile', () => {
  it('finds the file in the working directory and leaves $schema out', async () => {
    const path = await write('{"$schema": "x", "process_count": 4}');
    expect(await read()).toEqual({ path, members: new Map([['process_count', 4]]) });
  });

  it('finds the hidden file, the visible one first', async () => {
    const hidden = await write('{"process_count": 1}', '.aggregaterc.json');
    expect((await read())?.path).toBe(hidden);
    expect((await read())?.path).not.toBe(await write('{}'));
    expect((await read())?.members).toEqual(new Map());
  });

  it('does not look in directories above the working directory', async () => {
    await write('{}');
    await mkdir(join(folder, 'below'));
    expect(await readSettingsFile(join(folder, 'below'), undefined)).toBeUndefined();
  });

  it('takes a path relative to the working directory, under any name', async () => {
    const path = await write('{"url": "x"}', 'night.conf');
    expect(await read('night.conf')).toEqual({ path, members: new Map([['url', 'x']]) });
    await write('{}', 'noext');
    expect((await read('noext'))?.members).toEqual(new Map());
  });

  it.each([
    ['UTF-8', Buffer.from('\ufeff{"process_count": 4}')],
    ['UTF-16', Buffer.from('\ufeff{"process_count": 4}', 'utf16le')],
  ])('reads a file with the byte order mark of %s', async (_name, bytes) => {
    await write(bytes);
    expect((await read())?.members).toEqual(new Map([['process_count', 4]]));
  });

  it.each([
    ['', ': empty; expected a JSON object with settings'],
    [' \n', ': empty; expected a JSON object with settings'],
    ['\ufeff', ': empty; expected a JSON object with settings'],
    ['{\n  "process_count": 4,\n}', ':2:21: not valid JSON: a comma before the closing }, which JSON does not allow'],
    ['{"url": "a" "b": "hunter2"}', ':1:13: not valid JSON: expected a comma or the closing }'],
    ['{"url": "a", "url": "b"}', ':1:14: not valid JSON: a name that stands here for the second time'],
    ['[1]', ': expected a JSON object with settings, such as {"process_count": 4}'],
    ['null', ': expected a JSON object with settings, such as {"process_count": 4}'],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22]), ': holds bytes that are not UTF-8'],
  ])('G1: names the file and what is wrong with %j', async (content, problem) => {
    const path = await write(content);
    await expect(read()).rejects.toMatchObject({ code: 'SETTINGS', problems: [path + problem] });
    await expect(read(path)).rejects.toMatchObject({ code: 'SETTINGS', problems: [path + problem] });
  });

  it('G1: names a file that is missing, a directory, or not a settings file', async () => {
    const at = (name: string) => join(folder, name);
    await write('{"aggregate": {}}', 'package.json');
    const code = 'USAGE';
    await expect(read('no.json')).rejects.toMatchObject({
      code,
      message: `--config ${at('no.json')}: there is no such file`,
    });
    await expect(read('.')).rejects.toMatchObject({
      code,
      message: `--config ${folder}: a directory, not a settings file`,
    });
    await expect(read('package.json')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(at('package.json')),
    });
  });

  it.skipIf(process.getuid?.() === 0)('does not run without a settings file that it may not read', async () => {
    const path = await write('{}');
    await chmod(path, 0);
    await expect(read()).rejects.toMatchObject({ code: 'USAGE', message: `${path}: no permission to read it` });
    await expect(read(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `--config ${path}: no permission to read it`,
    });
  });

  it('does not run without a settings file that cannot be reached', async () => {
    const path = join(folder, 'aggregate.config.json');
    await symlink('aggregate.config.json', path);
    await expect(read()).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${path}: cannot be read`),
    });
  });

  const insideFolder = async (act: () => Promise<void>): Promise<void> => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await act();
    } finally {
      process.chdir(before);
    }
  };

  it('executes nothing, whatever stands in the directory or in the file', async () => {
    const script = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'executed'))}, '')`;
    await mkdir(join(folder, '.config'));
    await write(script, '.config/config.cjs');
    await write(script, 'aggregate.config.cjs');
    await write('{"$import": "./aggregate.config.cjs"}');
    await insideFolder(async () => {
      expect((await read())?.members).toEqual(new Map([['$import', './aggregate.config.cjs']]));
      await expect(read('aggregate.config.cjs')).rejects.toMatchObject({ code: 'SETTINGS' });
    });
    expect(existsSync(join(folder, 'executed'))).toBe(false);
  });

  it("takes no search places from somebody else's package.json, nor stumbles over a broken one", async () => {
    await write('{"process_count": 1}', 'other.json');
    await write('{"cosmiconfig": {"searchPlaces": ["other.json"]}}', 'package.json');
    const { cwd } = process;
    await insideFolder(async () => {
      expect(await read()).toBeUndefined();
      await write('{', 'package.json');
      expect(await read()).toBeUndefined();
    });
    expect(process.cwd).toBe(cwd);
  });
});
