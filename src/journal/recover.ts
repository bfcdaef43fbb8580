import { RecoveryError } from '../errors.ts';
import type { CheckpointRecord, EndRecord, OutputLengths, RunRecord, Totals } from './journal-records.ts';
import { PositionSet } from './position-set.ts';
import { eachInRanges } from './ranges.ts';
import { type JournalEnd, readJournal } from './read-journal.ts';

/** What a journal says of its run. */
export interface Recovered {
  path: string;
  run: RunRecord;
  ok: PositionSet;
  failed: PositionSet;
  /** How long the outputs were at the last checkpoint; all 0 before the first. */
  lengths: OutputLengths;
  totals: Totals;
  /** Present where every row is settled. */
  end: EndRecord | undefined;
  tail: JournalEnd;
}

/** Reads a run's journal up to its last whole line; throws a RecoveryError where it cannot be relied upon. */
export async function recover(path: string): Promise<Recovered> {
  const ok = new PositionSet();
  const failed = new PositionSet();
  let run: RunRecord | undefined;
  let last: CheckpointRecord | undefined;
  let end: EndRecord | undefined;
  const tail = await readJournal(path, (record) => {
    if (record.type === 'run') run = record;
    if (record.type === 'end') end = record;
    if (record.type !== 'checkpoint') return;
    last = record;
    addAll(record.ok, ok, path);
    addAll(record.failed, failed, path);
  });
  if (run === undefined) throw new RecoveryError(`${path} is not the journal of a run; nothing was touched`);
  const lengths = last?.lengths ?? { results: 0, log: 0, failed: 0, exceptions: 0 };
  const totals = last?.totals ?? { records: 0, requests: 0, failures: {} };
  return { path, run, ok, failed, lengths, totals, end, tail };
}

function addAll(ranges: string, set: PositionSet, path: string): void {
  eachInRanges(ranges, (position) => {
    if (set.add(position)) return;
    throw new RecoveryError(`the journal ${path} settles row ${position} twice; nothing was touched`);
  });
}
