import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lockOutputs, whoHolds } from './lock.ts';

const HOLDER = { pid: process.pid, stamp: '20260131-020000', since: '2026-01-31T01:00:00.000Z' };

/** A process that takes a lock of its own for each path and keeps them until it is killed. */
async function lockedElsewhere(paths: readonly string[]) {
  const script = `
    const { lockOutputs } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    for (const path of ${JSON.stringify(paths)}) {
      await lockOutputs([path], { ...${JSON.stringify(HOLDER)}, pid: process.pid });
    }
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('whoHolds', () => {
  it('finds nobody where the folder of an output is not there', async () => {
    expect(await whoHolds([join(temporaryFolder(), 'missing', 'results.txt')])).toBeUndefined();
  });
});

describe('lockOutputs', () => {
  it('L2: keeps a second holder out, and is free the moment the first was killed: fifty locks, three times in a row', async () => {
    const folder = temporaryFolder();
    const paths = Array.from({ length: 50 }, (_, i) => join(folder, `results-${i}.txt`));
    for (let round = 0; round < 3; round += 1) {
      const child = await lockedElsewhere(paths);
      for (const path of paths) {
        expect(await whoHolds([path])).toEqual({ holder: expect.objectContaining({ pid: child.pid }) });
        await expect(lockOutputs([path], HOLDER)).rejects.toMatchObject({ name: 'OverlapError' });
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (const path of paths) (await lockOutputs([path], HOLDER)).release();
      await expect.poll(() => whoHolds(paths)).toBeUndefined();
    }
  });
});
