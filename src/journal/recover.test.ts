import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { journalLine } from './journal-line.ts';
import type { CheckpointRecord, EndRecord, JournalRecord, RetryRecord } from './journal-records.ts';
import { eachInRanges } from './ranges.ts';
import { recover } from './recover.ts';

const RUN: JournalRecord = {
  type: 'run',
  version: 1,
  run_id: 'r',
  stamp: 'S',
  started_at: '',
  source: { path: '/l.csv', bytes: 1, sha256: '' },
  settings: {},
  files: { results: '', log: '', failed: '', exceptions: '' },
};
const END: EndRecord = { type: 'end', rows: 4, at: '' };
const sums = (length: number) => ({
  lengths: { results: length, log: 0, failed: length, exceptions: length },
  totals: { ok: 0, records: length, requests: length, failures: {} },
});
const checkpoint = (ok: string, empty: string, failed: string, length: number): CheckpointRecord => ({
  type: 'checkpoint',
  ok,
  empty,
  failed,
  ...sums(length),
});
const retry = (reopened: string, length: number): RetryRecord => ({ type: 'retry', at: '', reopened, ...sums(length) });

const countOf = (ranges: string): number => {
  let count = 0;
  eachInRanges(ranges, () => {
    count += 1;
  });
  return count;
};

/** The records with the sums that whoever writes them one after another enters. */
function summed(records: readonly JournalRecord[]): JournalRecord[] {
  let [ok, timeout] = [0, 0];
  return records.map((record) => {
    if (record.type !== 'checkpoint' && record.type !== 'retry') return record;
    if (record.type === 'checkpoint') ok += countOf(record.ok);
    timeout += record.type === 'checkpoint' ? countOf(record.failed) : -countOf(record.reopened);
    return { ...record, totals: { ...record.totals, ok, failures: { timeout } } };
  });
}

const recovered = (...records: JournalRecord[]) => recoveredAsIs(summed(records));

async function recoveredAsIs(records: readonly JournalRecord[]) {
  const path = join(temporaryFolder(), 'journal');
  writeFileSync(path, [RUN, ...records].map(journalLine).join(''));
  const { ok, empty, failed, ...facts } = await recover(path);
  return { ok: [...ok.values()], empty: [...empty.values()], failed: [...failed.values()], ...facts };
}

describe('recover', () => {
  it('gives what is settled, and how long the files were at the last checkpoint', async () => {
    expect(await recovered(checkpoint('0', '', '3', 7), checkpoint('1-2', '2', '', 9))).toMatchObject({
      ok: [0, 1, 2],
      empty: [2],
      failed: [3],
      lengths: { results: 9 },
      end: undefined,
      wasComplete: false,
    });
  });

  it('takes reopened rows out of the failed ones, with the lengths of the files without them', async () => {
    const complete = [checkpoint('0', '', '1-3', 90), END];
    const pending = await recovered(...complete, retry('1 3', 40));
    expect(pending).toMatchObject({ ok: [0], failed: [2], lengths: { failed: 40 }, end: undefined, wasComplete: true });
    expect(pending.pendingRetry).toMatchObject({ reopened: '1 3', lengths: { failed: 40 } });
    const taken = await recovered(...complete, retry('1 3', 40), { type: 'resume', at: '' });
    expect(taken).toMatchObject({ failed: [2], pendingRetry: undefined });
    const again = await recovered(...complete, retry('1 3', 40), checkpoint('3', '', '1', 60), END);
    expect(again).toMatchObject({ ok: [0, 3], failed: [1, 2], lengths: { failed: 60 }, end: END });
  });

  it('tells those that failed in a retry from those that it left out', async () => {
    const latelyOf = async (...records: JournalRecord[]) => [...(await recovered(...records)).failedLately.values()];
    const complete = [checkpoint('0', '', '1-3', 90)];
    expect(await latelyOf(...complete)).toEqual([1, 2, 3]);
    const retried = [...complete, END, retry('1 3', 40)];
    expect(await latelyOf(...retried)).toEqual([]);
    expect(await latelyOf(...retried, checkpoint('3', '', '1', 60))).toEqual([1]);
  });

  it('refuses a row that is settled twice, or reopened without having failed', async () => {
    const twice = /settles row 1 twice/;
    await expect(recovered(checkpoint('0-1', '', '', 1), checkpoint('1', '', '', 2))).rejects.toThrow(twice);
    await expect(recovered(checkpoint('0-1', '', '', 1), checkpoint('', '', '1', 2))).rejects.toThrow(twice);
    await expect(recovered(checkpoint('', '', '1', 1), checkpoint('1', '', '', 2))).rejects.toThrow(twice);
    await expect(recovered(checkpoint('0', '1', '', 1))).rejects.toThrow(/row 1 as one without records/);
    await expect(recovered(checkpoint('0', '', '1', 1), END, retry('0', 1))).rejects.toThrow(/row 0, which has not/);
  });

  it('P8: refuses a journal of which a line was taken out or moved, though each line is whole', async () => {
    const records = summed([checkpoint('0', '', '', 1), checkpoint('1', '', '2', 2), checkpoint('3', '', '', 3)]);
    expect((await recoveredAsIs(records)).ok).toEqual([0, 1, 3]);
    const [first, second, third] = records as [JournalRecord, JournalRecord, JournalRecord];
    for (const damaged of [
      [first, third],
      [second, third],
      [second, first, third],
      [first, third, second],
    ]) {
      await expect(recoveredAsIs(damaged)).rejects.toThrow(/a line is missing or misplaced; nothing was touched/);
    }
  });
});
