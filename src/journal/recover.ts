import { RecoveryError } from '../errors.ts';
import type {
  CheckpointRecord,
  EndRecord,
  JournalRecord,
  OutputLengths,
  RetryRecord,
  RunRecord,
  Totals,
} from './journal-records.ts';
import { PositionSet } from './position-set.ts';
import { eachInRanges } from './ranges.ts';
import { type JournalEnd, readJournal } from './read-journal.ts';

/** What a journal says of its run. */
export interface Recovered {
  path: string;
  run: RunRecord;
  ok: PositionSet;
  /** Those of `ok` whose customer has no records. */
  empty: PositionSet;
  failed: PositionSet;
  /** Those of `failed` that did since failed customers were last asked for again: not what that left out. */
  failedLately: PositionSet;
  /** How long the outputs were at the last checkpoint; all 0 before the first. */
  lengths: OutputLengths;
  totals: Totals;
  /** Present where every row is settled. */
  end: EndRecord | undefined;
  /** Whether every row was settled once, before failed customers were asked for again. */
  wasComplete: boolean;
  /** Why nobody can go on with it, though nothing is damaged. */
  spoiled: string | undefined;
  /** Present where the journal ends with it: the failed and exceptions files may not be replaced yet. */
  pendingRetry: RetryRecord | undefined;
  tail: JournalEnd;
}

/** Reads a run's journal up to its last whole line; throws a RecoveryError where it cannot be relied upon. */
export async function recover(path: string): Promise<Recovered> {
  const book = new Book(path);
  const tail = await readJournal(path, (record) => book.enter(record));
  return book.recovered(tail);
}

/** Goes through a run's records in their order: a row is settled once, and only a failed one is reopened. */
class Book {
  readonly #path: string;
  readonly #ok = new PositionSet();
  readonly #empty = new PositionSet();
  readonly #failed = new PositionSet();
  #failedLately = new PositionSet();
  #run: RunRecord | undefined;
  #last: CheckpointRecord | RetryRecord | undefined;
  #end: EndRecord | undefined;
  #wasComplete = false;
  #spoiled: string | undefined;
  #pendingRetry: RetryRecord | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  enter(record: JournalRecord): void {
    this.#pendingRetry = undefined;
    switch (record.type) {
      case 'run':
        this.#run = record;
        return;
      case 'checkpoint':
        this.#settle(record);
        return;
      case 'retry':
        this.#reopen(record);
        return;
      case 'resume':
        return;
      case 'end':
        this.#end = record;
        this.#wasComplete = true;
        return;
      case 'spoiled':
        this.#spoiled = record.reason;
        return;
      default:
        record satisfies never;
    }
  }

  recovered(tail: JournalEnd): Recovered {
    const run = this.#run;
    if (run === undefined) throw new RecoveryError(`${this.#path} is not the journal of a run; nothing was touched`);
    return {
      path: this.#path,
      run,
      ok: this.#ok,
      empty: this.#empty,
      failed: this.#failed,
      failedLately: this.#failedLately,
      lengths: this.#last?.lengths ?? { results: 0, log: 0, failed: 0, exceptions: 0 },
      totals: this.#last?.totals ?? { ok: 0, records: 0, requests: 0, failures: {} },
      end: this.#end,
      wasComplete: this.#wasComplete,
      spoiled: this.#spoiled,
      pendingRetry: this.#pendingRetry,
      tail,
    };
  }

  #settle(record: CheckpointRecord): void {
    this.#last = record;
    eachInRanges(record.ok, (position) => this.#add(position, this.#ok, this.#failed));
    eachInRanges(record.failed, (position) => {
      this.#add(position, this.#failed, this.#ok);
      this.#failedLately.add(position);
    });
    eachInRanges(record.empty, (position) => {
      if (!this.#ok.has(position) || !this.#empty.add(position))
        throw this.#damaged(position, 'as one without records, which it is not');
    });
    this.#expectSums(record);
  }

  #add(position: number, set: PositionSet, other: PositionSet): void {
    if (other.has(position) || !set.add(position)) throw this.#damaged(position, 'twice');
  }

  #reopen(record: RetryRecord): void {
    this.#last = record;
    this.#pendingRetry = record;
    this.#end = undefined;
    this.#failedLately = new PositionSet();
    eachInRanges(record.reopened, (position) => {
      if (this.#failed.delete(position)) return;
      throw new RecoveryError(
        `the journal ${this.#path} asks again for row ${position}, which has not failed; nothing was touched`,
      );
    });
    this.#expectSums(record);
  }

  /** A line that was taken out, or moved, leaves the others whole: only their sums tell. */
  #expectSums({ totals }: CheckpointRecord | RetryRecord): void {
    const counted = totals.ok + sumOf(totals.failures);
    const settled = this.#ok.size + this.#failed.size;
    if (totals.ok === this.#ok.size && counted === settled) return;
    throw new RecoveryError(
      `the journal ${this.#path} counts ${counted} rows as settled where its lines settle ${settled}: a line is missing or misplaced; nothing was touched`,
    );
  }

  #damaged(position: number, how: string): RecoveryError {
    return new RecoveryError(`the journal ${this.#path} settles row ${position} ${how}; nothing was touched`);
  }
}

const sumOf = (failures: Totals['failures']): number => Object.values(failures).reduce((sum, count) => sum + count, 0);
