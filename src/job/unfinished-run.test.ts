import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../config/load.ts';
import { outputShapeOf } from '../config/output-shape.ts';
import type { Settings } from '../config/schema.ts';
import { journalLine } from '../journal/journal-line.ts';
import { finishedSummary } from '../testing/finished-summary.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { findUnfinished } from './unfinished-run.ts';

/** Settings for a list in a folder of their own, and a way to leave runs there. */
async function scene() {
  const folder = temporaryFolder();
  const settingsFor = async (list: string): Promise<Settings> => {
    const flags = { source_file: list, url: 'http://server.example/{0}', output_directory: folder };
    return (await loadSettings({ flags, env: {}, cwd: folder, searchFile: false })).settings;
  };
  const leave = async (stamp: string, list: string, isFinished: boolean) => {
    const settings = outputShapeOf(await settingsFor(list));
    writeFileSync(join(folder, `journal-${stamp}.ndjson`), journalLine({ type: 'run', version: 1, stamp, settings }));
    writeFileSync(join(folder, `results-${stamp}.txt`), '');
    if (isFinished) writeFileSync(join(folder, `summary-${stamp}.json`), finishedSummary());
  };
  const found = async (list: string) => (await findUnfinished(await settingsFor(list)))?.paths.stamp;
  return { folder, leave, found };
}

it('goes on with the newest run on the list where it is not finished, whatever runs on other lists are there', async () => {
  const { leave, found } = await scene();
  expect(await found('a.csv')).toBeUndefined();
  await leave('20260101-020000', 'a.csv', false);
  await leave('20260102-020000', 'b.csv', true);
  expect(await found('a.csv')).toBe('20260101-020000');
  expect(await found('b.csv')).toBeUndefined();
  expect(await found('c.csv')).toBeUndefined();
});

it('leaves an unfinished run alone after which a newer one on its list was finished', async () => {
  const { leave, found } = await scene();
  await leave('20260101-020000', 'a.csv', false);
  await leave('20260102-020000', 'a.csv', true);
  expect(await found('a.csv')).toBeUndefined();
});

it('begins anew after a run whose list changed while it was on', async () => {
  const { folder, leave, found } = await scene();
  await leave('20260101-020000', 'a.csv', false);
  const spoiled = journalLine({ type: 'spoiled', reason: 'the list changed', at: '2026-01-01T02:00:00.000Z' });
  appendFileSync(join(folder, 'journal-20260101-020000.ndjson'), spoiled);
  expect(await found('a.csv')).toBeUndefined();
});

it('refuses where an unfinished run cannot say which list it had; a finished one is passed over', async () => {
  const { folder, leave, found } = await scene();
  await leave('20260101-020000', 'a.csv', false);
  await leave('20260102-020000', 'a.csv', true);
  writeFileSync(join(folder, 'journal-20260102-020000.ndjson'), 'damaged\n');
  expect(await found('a.csv')).toBe('20260101-020000');
  writeFileSync(join(folder, 'journal-20260101-020000.ndjson'), 'damaged\n');
  await expect(found('a.csv')).rejects.toThrow('damaged at its beginning');
});
