import { execFileSync } from 'node:child_process';
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { journalLine } from '../journal/journal-line.ts';
import type { OutputPaths } from '../output/claim-files.ts';
import { finishedSummary } from '../testing/finished-summary.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { removeOldRuns } from './remove-old-runs.ts';
import { findNewestRun, findRun, findRuns, stampsIn } from './runs.ts';

/** A folder with the runs of a night in which the clock was put back from 3 to 2: the second was started later. */
function nightOfTwoHours() {
  const directory = temporaryFolder();
  const at = (name: string) => join(directory, name);
  const outputs: OutputPaths = {
    results: at('results.txt'),
    resultsSuffix: '',
    log: at('log.txt'),
    failed: at('failed.txt'),
    directory,
  };
  const leave = (stamp: string, started_at: string) => {
    const files = { results: at(`results-${stamp}.txt`) };
    const record = { type: 'run', version: 1, stamp, started_at, source: { path: '/l.csv' }, files };
    writeFileSync(at(`journal-${stamp}.ndjson`), journalLine(record));
    writeFileSync(files.results, '');
  };
  leave('20261025-024500', '2026-10-25T00:45:00.000Z');
  leave('20261025-021500', '2026-10-25T01:15:00.000Z');
  return { at, outputs };
}

it('X7: the newest run is the one that was started last, in the hour that comes twice, too', async () => {
  const { outputs } = nightOfTwoHours();
  const stamps = ['20261025-021500', '20261025-024500'];
  expect((await findRuns(outputs)).map(({ paths }) => paths.stamp)).toEqual(stamps);
  expect((await findRun(outputs, undefined)).paths.stamp).toBe(stamps[0]);
  expect((await findNewestRun(outputs, undefined)).paths.stamp).toBe(stamps[0]);
});

it('X7: of two finished runs of that hour the one that was started first is the older one, which goes', async () => {
  const { at, outputs } = nightOfTwoHours();
  for (const stamp of await stampsIn(outputs)) writeFileSync(at(`summary-${stamp}.json`), finishedSummary());
  await removeOldRuns(outputs, 1, '20261025-021500');
  expect(await stampsIn(outputs)).toEqual(['20261025-021500']);
});

it('a run whose journal cannot say when it was started stands by its stamp; a pipe in its place is not waited for', async () => {
  const { at, outputs } = nightOfTwoHours();
  writeFileSync(at('journal-20261026-020000.ndjson'), '');
  execFileSync('mkfifo', [at('journal-20261024-020000.ndjson')]);
  expect(await stampsIn(outputs)).toEqual(['20261026-020000', '20261025-021500', '20261025-024500', '20261024-020000']);
});

it('results whose journal is gone are named where a run is looked for', async () => {
  const { at, outputs } = nightOfTwoHours();
  for (const stamp of await stampsIn(outputs)) unlinkSync(at(`journal-${stamp}.ndjson`));
  const gone = (stamp: string) => `${at(`results-${stamp}.txt`)} is there, but its journal is not`;
  await expect(findRun(outputs, undefined)).rejects.toThrow(gone('20261025-024500'));
  await expect(findRun(outputs, '20261025-021500')).rejects.toThrow(gone('20261025-021500'));
  await expect(findRun(outputs, '20261025-011500')).rejects.not.toThrow('is there');
});
