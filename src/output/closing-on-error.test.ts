import { closeSync, mkdirSync, openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runPathsOf } from './claim-files.ts';
import { closingOnError } from './closing-on-error.ts';
import { reopenFiles } from './reopen-files.ts';

/** The names of the files in a folder that this process has open. */
const openIn = (folder: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
    } catch {
      return []; // Closed since it was listed.
    }
  });

describe('closingOnError', () => {
  it('closes all that was opened, also where the closing of one fails, and throws what failed first', async () => {
    const closed: string[] = [];
    const file = (name: string, problem?: Error) => ({
      close: async () => {
        closed.push(name);
        if (problem !== undefined) throw problem;
      },
    });
    const opened = [file('a', new Error('not closed'))];
    const used = closingOnError(opened, async () => {
      opened.push(file('b'));
      throw new Error('full');
    });
    await expect(used).rejects.toThrow('full');
    expect(closed).toEqual(['a', 'b']);
  });
});

describe.runIf(readdirSync('/').includes('proc'))('reopenFiles', () => {
  it('leaves no file open where a later one cannot be opened', async () => {
    const folder = temporaryFolder();
    const outputs = { results: 'r.txt', resultsSuffix: '', log: 'l.txt', failed: 'f.txt' };
    const inFolder = Object.entries(outputs).map(([name, path]) => [name, path && join(folder, path)]);
    const paths = runPathsOf({ ...outputs, ...Object.fromEntries(inFolder), directory: folder }, 'S');
    for (const path of [paths.journal, paths.results, paths.log]) writeFileSync(path, '');
    // It has bytes, as far as anybody can see from outside.
    mkdirSync(paths.failed);
    const own = openSync(paths.log, 'r');
    onTestFinished(() => closeSync(own));
    const reopened = reopenFiles(paths, { results: 0, log: 0, failed: 1, exceptions: 0 }, 0, Buffer.of());
    await expect(reopened).rejects.toThrow(paths.failed);
    // The test's own, by which it is seen that it would see them.
    expect(openIn(folder)).toHaveLength(1);
  });
});
