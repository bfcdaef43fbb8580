import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lockOutputs, whoHolds } from './lock.ts';

const HOLDER = { pid: process.pid, stamp: '20260131-020000', since: '2026-01-31T01:00:00.000Z' };

/** A process that takes the lock and keeps it until it is killed. */
async function lockedElsewhere(path: string) {
  const script = `
    const { lockOutputs } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    await lockOutputs([${JSON.stringify(path)}], { ...${JSON.stringify(HOLDER)}, pid: process.pid });
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
  it('keeps a second holder out, and is free the moment the first was killed, fifty times in a row', async () => {
    const path = join(temporaryFolder(), 'results.txt');
    let child = await lockedElsewhere(path);
    await expect(lockOutputs([path], HOLDER)).rejects.toMatchObject({ name: 'OverlapError' });
    for (let i = 0; i < 50; i += 1) {
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (i % 2 === 0) {
        (await lockOutputs([path], HOLDER)).release();
        await expect.poll(() => whoHolds([path])).toBeUndefined();
      }
      child = await lockedElsewhere(path);
      expect(await whoHolds([path])).toEqual({ holder: expect.objectContaining({ pid: child.pid }) });
    }
    child.kill('SIGKILL');
  });
});
