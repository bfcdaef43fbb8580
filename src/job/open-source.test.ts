import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { releasePipe } from './open-source.ts';

it('a pipe is released although it is only waited for after the first try', async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  let [looks, isClosed] = [0, false];
  const stream = {
    get closed() {
      looks += 1;
      return isClosed;
    },
  };
  const released = releasePipe(pipe, stream);
  // The first try has met nobody then.
  await expect.poll(() => looks).toBeGreaterThan(1);
  const handle = await open(pipe, 'r');
  expect(await handle.read()).toMatchObject({ bytesRead: 0 });
  await handle.close();
  isClosed = true;
  await released;
});
