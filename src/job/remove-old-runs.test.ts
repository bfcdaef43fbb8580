import { mkdirSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalLine } from '../journal/journal-line.ts';
import { type OutputPaths, runPathsOf } from '../output/claim-files.ts';
import { finishedSummary } from '../testing/finished-summary.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { removeOldRuns, stampsToRemove } from './remove-old-runs.ts';

interface Left {
  isFinished?: boolean;
  list?: string;
  hasFailed?: boolean;
}

/** A folder in which runs are left. */
function scene() {
  const directory = temporaryFolder();
  const at = (name: string) => join(directory, name);
  const outputs: OutputPaths = {
    results: at('results.txt'),
    resultsSuffix: '',
    log: at('log.txt'),
    failed: at('failed.txt'),
    directory,
  };
  const leave = (stamp: string, { isFinished = true, list = '/lists/a.csv', hasFailed = false }: Left = {}) => {
    const { results, log, failed, exceptions, journal, summary, samples, report } = runPathsOf(outputs, stamp);
    const record = {
      type: 'run',
      version: 1,
      stamp,
      source: { path: list },
      files: { results, log, failed, exceptions },
    };
    writeFileSync(journal, journalLine(record));
    for (const path of [results, log, samples, ...(hasFailed ? [failed, exceptions, report] : [])])
      writeFileSync(path, '');
    if (list === at(`source-${stamp}.csv`)) writeFileSync(list, '');
    if (isFinished) writeFileSync(summary, finishedSummary());
  };
  const names = () => readdirSync(directory).sort();
  return { directory, at, outputs, leave, names };
}

const [OLD, MIDDLE, NEW] = ['20260101-020000', '20260102-020000', '20260103-020000'];
const filesOf = (stamp: string, ...names: string[]) => names.map((name) => name.replace('*', stamp));
const USUAL = ['journal-*.ndjson', 'log-*.txt', 'results-*.txt', 'samples-*.ndjson', 'summary-*.json'];

describe('stampsToRemove', () => {
  it('is what lies beyond the newest ones, but never the run that has just ended', () => {
    expect(stampsToRemove(['4', '3', '2', '1'], 2, '4')).toEqual(['2', '1']);
    expect(stampsToRemove(['4', '3', '2', '1'], 2, '1')).toEqual(['2']);
    expect(stampsToRemove(['4'], 2, '4')).toEqual([]);
  });
});

describe('removeOldRuns', () => {
  it('removes all files of older finished runs, a copy of the list too, and nothing else that lies there', async () => {
    const { at, outputs, leave, names } = scene();
    leave(OLD, { hasFailed: true, list: at(`source-${OLD}.csv`) });
    leave(MIDDLE);
    leave(NEW);
    const others = ['customers.csv', 'log.txt', `notes-${OLD}.txt`, `results-${OLD}.txt.bak`];
    for (const name of others) writeFileSync(at(name), '');
    expect(await removeOldRuns(outputs, 2, NEW)).toEqual([]);
    expect(names()).toEqual([...filesOf(MIDDLE, ...USUAL), ...filesOf(NEW, ...USUAL), ...others].sort());
  });

  it('takes away with a run what was to replace one of its files when it was killed', async () => {
    const { outputs, leave, names } = scene();
    leave(OLD, { hasFailed: true });
    leave(NEW);
    const { samples, report } = runPathsOf(outputs, OLD);
    for (const path of [samples, report]) writeFileSync(`${path}.new`, '');
    expect(await removeOldRuns(outputs, 1, NEW)).toEqual([]);
    expect(names()).toEqual(filesOf(NEW, ...USUAL).sort());
  });

  it('leaves unfinished runs alone, and the older failed file that one of them has for its list', async () => {
    const { at, outputs, leave, names } = scene();
    leave(OLD, { hasFailed: true });
    leave(MIDDLE, { isFinished: false, list: at(`failed-${OLD}.txt`) });
    leave(NEW);
    expect(await removeOldRuns(outputs, 1, NEW)).toEqual([]);
    const left = [`failed-${OLD}.txt`, ...filesOf(MIDDLE, ...USUAL.slice(0, -1)), ...filesOf(NEW, ...USUAL)];
    expect(names()).toEqual(left.sort());
  });

  it('leaves a run alone whose journal is damaged, or names results elsewhere', async () => {
    const { at, outputs, leave, names } = scene();
    leave(OLD);
    leave(MIDDLE);
    leave(NEW);
    writeFileSync(at(`journal-${OLD}.ndjson`), 'damaged\n');
    const before = names();
    expect(await removeOldRuns({ ...outputs, results: at('others.txt') }, 1, NEW)).toEqual([]);
    expect(names()).toEqual(before);
    expect(await removeOldRuns(outputs, 2, NEW)).toEqual([]);
    expect(names()).toEqual(before);
  });

  it('removes no link and no folder in the place of a file', async () => {
    const { at, outputs, leave, names } = scene();
    leave(OLD);
    leave(NEW);
    const target = at('precious');
    writeFileSync(target, '');
    const { log } = runPathsOf(outputs, OLD);
    unlinkSync(log);
    symlinkSync(target, log);
    mkdirSync(at(`failed-${OLD}.txt`));
    await removeOldRuns(outputs, 1, NEW);
    expect(names()).toEqual([`failed-${OLD}.txt`, `log-${OLD}.txt`, 'precious', ...filesOf(NEW, ...USUAL)].sort());
  });
});
