import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { Journal } from './journal.ts';
import { journalLine, readJournalLine } from './journal-line.ts';
import type { JournalRecord } from './journal-records.ts';
import { PositionSet } from './position-set.ts';
import { eachInRanges, rangesOf } from './ranges.ts';
import { readJournal } from './read-journal.ts';

const RUN: JournalRecord = {
  type: 'run',
  version: 1,
  run_id: 'r',
  stamp: 'S',
  started_at: '2026-01-31T23:59:59.000Z',
  source: { path: '/l.csv', bytes: 20, sha256: 'ab' },
  settings: { url: 'cd' },
  files: { results: '/o/ré', log: '/o/l', failed: '/o/f', exceptions: '/o/e' },
};
const resume = (at: string): JournalRecord => ({ type: 'resume', at });

const journalOf = (...records: JournalRecord[]): string => {
  const path = join(temporaryFolder(), 'journal');
  writeFileSync(path, records.map(journalLine).join(''));
  return path;
};

async function recordsIn(path: string) {
  const records: JournalRecord[] = [];
  const end = await readJournal(path, (record) => records.push(record));
  return { records, ...end };
}

describe('journal lines', () => {
  it('read back what was written, and nothing with any one bit flipped', () => {
    const line = journalLine(RUN).slice(0, -1);
    expect(readJournalLine(line)).toEqual(RUN);
    const bytes = Buffer.from(line);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readJournalLine(damaged.toString('utf8'))).toBeUndefined();
    }
  });
});

describe('readJournal', () => {
  it('gives the records in order', async () => {
    const path = journalOf(RUN, resume('a'), resume('b'));
    const { records, droppedBytes } = await recordsIn(path);
    expect(records).toEqual([RUN, resume('a'), resume('b')]);
    expect(droppedBytes).toBe(0);
  });

  it('P8: drops a tail that was cut anywhere, or that is zeros or junk, and says how much', async () => {
    const whole = readFileSync(journalOf(RUN, resume('a')));
    const first = journalLine(RUN).length + 1; // One letter of the path has two bytes.
    for (let cut = first + 1; cut < whole.length; cut += 1) {
      const path = journalOf(RUN, resume('a'));
      truncateSync(path, cut);
      const { records, validBytes, droppedBytes } = await recordsIn(path);
      expect([records.length, validBytes, droppedBytes]).toEqual([1, first, cut - first]);
    }
    for (const junk of ['\0'.repeat(5000), 'junk\njunk', '{"type":"resume"}\n']) {
      const path = journalOf(RUN);
      appendFileSync(path, junk);
      expect((await recordsIn(path)).droppedBytes).toBe(junk.length);
    }
  });

  it('P8: refuses damage before the end', async () => {
    const path = journalOf(RUN, resume('a'), resume('b'));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"at":"a"', '"at":"x"'));
    await expect(recordsIn(path)).rejects.toThrow(/damaged at line 2, before its end/);
  });

  it('P9: refuses a journal that is missing, empty, no journal, or of a newer version', async () => {
    await expect(recordsIn('/nowhere/journal')).rejects.toThrow(/cannot be read/);
    await expect(recordsIn(journalOf())).rejects.toThrow(/empty or damaged/);
    await expect(recordsIn(journalOf(resume('a')))).rejects.toThrow(/not the journal of a run/);
    await expect(recordsIn(journalOf({ ...RUN, version: 2 }))).rejects.toThrow(/newer program/);
  });
});

const positions = fc.uniqueArray(fc.nat(3000));

describe('ranges', () => {
  it('are the positions, folded', () => {
    expect(rangesOf([5, 0, 1, 2, 105, 4])).toBe('0-2 4-5 105');
    expect(rangesOf([])).toBe('');
  });

  it('give back the positions, in rising order', () => {
    fc.assert(
      fc.property(positions, (given) => {
        const back: number[] = [];
        eachInRanges(rangesOf(given), (position) => back.push(position));
        expect(back).toEqual([...given].sort((a, b) => a - b));
      }),
    );
  });

  it('refuse what is no range', () => {
    for (const text of ['a', '1-', '2-1', '1  2', '-1']) expect(() => eachInRanges(text, () => {})).toThrow(RangeError);
  });
});

describe('PositionSet', () => {
  it('holds what was added and not deleted, and counts it', () => {
    fc.assert(
      fc.property(positions, positions, (added, deleted) => {
        const set = new PositionSet();
        const model = new Set<number>();
        for (const position of added) {
          expect(set.add(position * 7)).toBe(!model.has(position));
          model.add(position);
        }
        for (const position of added) expect(set.add(position * 7)).toBe(false);
        for (const position of deleted) expect(set.delete(position * 7)).toBe(model.delete(position));
        expect(set.size).toBe(model.size);
        expect([...model].every((position) => set.has(position * 7))).toBe(true);
        expect(deleted.some((position) => set.has(position * 7))).toBe(false);
      }),
    );
  });
});

describe('Journal', () => {
  const nobody = { append: async () => {}, sync: async () => {}, close: async () => {} };
  const NEVER_MS = 2 ** 31;

  it('is due when its time has come and something is settled, and not before', () => {
    const journal = new Journal(nobody, { intervalMs: 0 });
    expect(journal.isDue).toBe(false);
    journal.settle([1], [], [], 10);
    expect(journal.isDue).toBe(true);
  });

  it('is due before its time after 200,000 positions, or 16 MiB of output, since the last checkpoint', async () => {
    const journal = new Journal(nobody, { intervalMs: NEVER_MS });
    const lengths = { results: 0, log: 0, failed: 0, exceptions: 0 };
    journal.settle([1], [2], [3], 16 * 1024 * 1024 - 1);
    expect(journal.isDue).toBe(false);
    journal.settle([4], [], [], 1);
    expect(journal.isDue).toBe(true);
    await journal.checkpoint(lengths, { ok: 0, records: 0, requests: 0, failures: {} });
    expect(journal.isDue).toBe(false);
    journal.settle(
      Array.from({ length: 200_000 }, (_, position) => position),
      [],
      [],
      0,
    );
    expect(journal.isDue).toBe(true);
  });
});
