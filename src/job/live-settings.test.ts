import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { LiveSettings } from './live-settings.ts';

async function scene() {
  const folder = temporaryFolder();
  const path = join(folder, 'aggregate.config.json');
  const put = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const fixed = '"source_file": "l.csv", "url": "https://h/{0}"';
  put(`{${fixed}, "process_count": 2}`);
  const load = async () => (await loadSettings({ flags: {}, env: {}, cwd: folder, configPath: path })).settings;
  let ask = () => {};
  const applied: Settings[] = [];
  const said: string[] = [];
  const live = new LiveSettings({
    source: {
      path,
      load,
      onAsked: (listener) => {
        ask = listener;
      },
    },
    settings: await load(),
    apply: (settings) => applied.push(settings),
    event: (kind, level, message) => said.push(`${kind} ${level}: ${message.replaceAll(folder, '')}`),
  });
  live.start();
  onTestFinished(() => live.stop());
  const edit = (members: string) => put(`{${fixed}, ${members}}`);
  return { path, put, edit, applied, said, live, ask: () => ask() };
}

describe('LiveSettings', () => {
  it('takes what is live, keeps the rest as it was, and says what waits', async () => {
    const { edit, applied, said } = await scene();
    edit('"process_count": 4, "timeout_seconds": 5');
    await expect.poll(() => applied.length).toBe(1);
    expect(applied[0]).toMatchObject({ process_count: 4, timeout_seconds: 30 });
    expect(said).toEqual([
      'settings_changed warn: Settings read again: process_count 2 → 4; with the next run: timeout_seconds',
    ]);
  });

  it('goes on with what it had when the file is broken, wrong or gone, and takes the next good one', async () => {
    const { path, put, edit, applied, said, ask } = await scene();
    put('{');
    await expect.poll(() => said.length).toBe(1);
    edit('"process_count": 0, "procesCount": 3');
    await expect.poll(() => said.length).toBe(2);
    rmSync(path);
    ask();
    await expect.poll(() => said.length).toBeGreaterThan(2);
    expect(applied).toEqual([]);
    for (const line of said)
      expect(line).toMatch(/^settings_refused warn: Settings not taken, those before stay in force: /);
    expect(said[1]).toContain('process_count: expected a whole number from 1 to 256, got 0');
    expect(said[1]).toContain('did you mean process_count?');
    expect(said[2]).toContain('there is no such file');
    edit('"process_count": 3');
    await expect.poll(() => applied.map(({ process_count }) => process_count)).toEqual([3]);
  });

  it('says so where it is asked and nothing has changed, and is silent once it is stopped', async () => {
    const { edit, applied, said, live, ask } = await scene();
    ask();
    await expect.poll(() => said).toEqual(['settings_changed info: Settings read again: nothing has changed']);
    live.stop();
    edit('"process_count": 9');
    ask();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(applied).toEqual([]);
    expect(said).toHaveLength(1);
  });
});
