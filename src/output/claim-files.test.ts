import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type Claim, claimFiles, type OutputPaths } from './claim-files.ts';

const START = new Date(2026, 0, 31, 23, 59, 58);
const pathsIn = (directory: string) => ({
  results: join(directory, 'results.txt'),
  resultsSuffix: '',
  log: join(directory, 'log.txt'),
  failed: join(directory, 'failed.txt'),
  directory,
});

/** Claims, and closes what it got. */
async function claimAt(paths: OutputPaths): Promise<Claim> {
  const claim = await claimFiles(paths, START);
  await claim.results.close();
  await claim.journal.close();
  await claim.log.close();
  return claim;
}

describe('claimFiles', () => {
  it('X7: gives two starts in the same second names of their own', async () => {
    const paths = pathsIn(temporaryFolder());
    const claims = await Promise.all([claimAt(paths), claimAt(paths)]);
    expect(claims.map(({ paths: { stamp } }) => stamp).sort()).toEqual(['20260131-235958', '20260131-235959']);
    expect(readdirSync(paths.directory)).toHaveLength(6);
  });

  it('D10: moves on where any name is taken, by a link that points nowhere too, and touches nothing', async () => {
    const directory = temporaryFolder();
    symlinkSync('/nowhere', join(directory, 'summary-20260131-235958.json'));
    writeFileSync(join(directory, 'failed-20260131-235959.txt'), 'kept');
    mkdirSync(join(directory, 'log-20260201-000000.txt'));
    const { paths } = await claimAt(pathsIn(directory));
    expect(paths.stamp).toBe('20260201-000001');
  });

  it('D6: refuses a directory that is missing or is none, before anything is created', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const missing = claimAt(pathsIn(join(folder, 'missing')));
    await expect(missing).rejects.toThrow(/missing does not exist: create it first/);
    await expect(missing).rejects.toThrow(UsageError);
    await expect(claimFiles(pathsIn(join(folder, 'file')), START)).rejects.toThrow(/is not a directory/);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('writes a log that is a device as it stands, without a stamp', async () => {
    const claim = await claimAt({ ...pathsIn(temporaryFolder()), log: '/dev/null' });
    expect(claim.paths.log).toBe('/dev/null');
  });
});
