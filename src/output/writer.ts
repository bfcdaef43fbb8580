import type { Failure } from '../channel/protocol.ts';
import { OutputError } from '../errors.ts';
import type { DurableFile, Journal } from '../journal/journal.ts';
import type { EndRecord, SpoiledRecord } from '../journal/journal-records.ts';
import { exceptionLine } from './exception-line.ts';
import type { LateFile } from './late-file.ts';
import type { OutputFile } from './output-file.ts';
import { copyOfTally, countFailure, type Tally } from './tally.ts';

/** A row that was given up on: where it stood, as it was, and why. */
export interface FailedRow extends Failure {
  position: number;
  customer: string;
  /** The row as it stood in the list, without its line break; bytes where it was not UTF-8. */
  raw: string | Uint8Array;
}

/** What settles some rows. */
export interface WriteBatch {
  /** Whole result lines, the records of a customer together. */
  text: string;
  /** Positions of the rows whose records `text` holds. */
  ok: number[];
  /** Positions of those whose customer has no records. */
  empty: number[];
  failed: FailedRow[];
  /** Lines in `text`. */
  records: number;
  /** Requests made for these rows. */
  requests: number;
}

/** The results as the writer sees them: an `OutputFile`, or one whose lines are packed. */
export interface ResultsFile extends DurableFile {
  /** How long the file is; after `sync`, everything appended so far is in it. */
  readonly bytesWritten: number;
}

/** The files that the writer owns; nobody else writes to them. */
export interface WriterFiles {
  results: ResultsFile;
  /** Undefined once it could not be written: a run goes on without its log. */
  log: OutputFile | undefined;
  failed: LateFile;
  exceptions: LateFile;
  journal: Journal;
}

export interface WriterOptions {
  /** The list's line break, for the failed file. */
  eol: string;
  /** Counts what is written. */
  tally: Tally;
  /** Called once, when the log can no longer be written. */
  onLogLost(error: OutputError): void;
}

interface Pending {
  batches: WriteBatch[];
  log: string[];
  written: (() => void)[];
  notWritten: ((error: Error) => void)[];
}
const nothing = (): Pending => ({ batches: [], log: [], written: [], notWritten: [] });

/**
 * The single writer: takes what settles rows and writes it in the order in which it came, everything that waits at once;
 * between two writes, when it is time, it makes a checkpoint: outputs synced, then the journal's line. Memory is bounded
 * by the credit of those who wait for `written`. After an error it writes nothing more.
 */
export class Writer {
  readonly #files: WriterFiles;
  readonly #options: WriterOptions;
  #pending = nothing();
  #flushing: Promise<void> | undefined;
  #checkpointTimer: NodeJS.Timeout | undefined;
  #error: Error | undefined;
  /** The tally at the last checkpoint. */
  #vouched: Tally;

  constructor(files: WriterFiles, options: WriterOptions) {
    this.#files = files;
    this.#options = options;
    this.#vouched = copyOfTally(options.tally);
  }

  /** The part of the tally that the journal vouches for: what was written after that is cut off when the run goes on. */
  get vouched(): Tally {
    const { read, open, ok, failed } = this.#options.tally;
    const vouched = this.#vouched;
    return { ...vouched, read, open: open + ok + failed - vouched.ok - vouched.failed };
  }

  /** Resolves when the batch is written; rejects with the OutputError that stops the run. */
  settle(batch: WriteBatch): Promise<void> {
    this.#pending.batches.push(batch);
    return this.written();
  }

  /** Takes a whole log line; `written()` tells when it is written. */
  logLine(line: string): void {
    if (this.#error !== undefined) return;
    this.#pending.log.push(line);
    this.#flushing ??= this.#flush();
  }

  /** Resolves when everything taken so far is written. */
  written(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#pending.written.push(resolve);
    this.#pending.notWritten.push(reject);
    this.#flushing ??= this.#flush();
    return promise;
  }

  /**
   * Writes what is left, makes the last checkpoint, enters what the journal is to end with, and closes all
   * files, each of them even where another fails; throws the first error.
   */
  async close(last: EndRecord | SpoiledRecord | undefined): Promise<void> {
    const errors: unknown[] = this.#error === undefined ? [] : [this.#error];
    const keep = (error: unknown) => errors.push(error);
    if (errors.length === 0) await this.#finish(last).catch(keep);
    const { results, log, failed, exceptions, journal } = this.#files;
    for (const file of [results, failed, exceptions, journal]) await file.close().catch(keep);
    await log?.close().catch((error: OutputError) => this.#options.onLogLost(error));
    if (errors.length > 0) throw errors[0];
  }

  async #finish(last: EndRecord | SpoiledRecord | undefined): Promise<void> {
    await this.written();
    await this.#flushing;
    // Planned by the last flush: the last checkpoint is made here, however long it takes.
    clearTimeout(this.#checkpointTimer);
    await this.#checkpoint();
    if (last !== undefined) await this.#files.journal.record(last);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#checkpointTimer);
    // What arrives in the same turn of the event loop goes out in the same write.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#hasPending() && this.#error === undefined) {
      const pending = this.#pending;
      this.#pending = nothing();
      try {
        await this.#write(pending);
        for (const resolve of pending.written) resolve();
        if (this.#files.journal.isDue) await this.#checkpoint();
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)), pending);
      }
    }
    this.#flushing = undefined;
    this.#planCheckpoint();
  }

  #hasPending(): boolean {
    return this.#pending.written.length > 0 || this.#pending.log.length > 0;
  }

  /** For what is written last before a pause. */
  #planCheckpoint(): void {
    if (!this.#files.journal.hasNews || this.#error !== undefined) return;
    this.#checkpointTimer = setTimeout(() => void this.written().catch(() => {}), this.#files.journal.longestMs);
    this.#checkpointTimer.unref();
  }

  async #write({ batches, log }: Pending): Promise<void> {
    const { results, failed, exceptions, journal } = this.#files;
    await this.#writeLog(log);
    const rows = batches.flatMap((batch) => batch.failed);
    const lines = Buffer.from(batches.map(({ text }) => text).join(''));
    const failedRows = Buffer.concat(rows.flatMap(({ raw }) => [Buffer.from(raw), Buffer.from(this.#options.eol)]));
    const reasons = Buffer.from(rows.map(exceptionLine).join(''));
    await results.append(lines);
    await failed.append(failedRows);
    await exceptions.append(reasons);
    for (const batch of batches) this.#count(batch);
    journal.settle(
      batches.flatMap(({ ok }) => ok),
      batches.flatMap(({ empty }) => empty),
      rows.map(({ position }) => position),
      lines.length + failedRows.length + reasons.length,
    );
  }

  #count({ ok, failed, records, requests }: WriteBatch): void {
    const { tally } = this.#options;
    tally.ok += ok.length;
    tally.open -= ok.length + failed.length;
    tally.records += records;
    tally.requests += requests;
    for (const { kind } of failed) countFailure(tally, kind);
  }

  /** Outputs first, then the line that vouches for them. The log is history, not output: it is not synced. */
  async #checkpoint(): Promise<void> {
    const { results, log, failed, exceptions, journal } = this.#files;
    if (!journal.hasNews) return;
    await Promise.all([results.sync(), failed.sync(), exceptions.sync()]);
    const { ok, records, requests, failures } = this.#options.tally;
    const lengths = {
      results: results.bytesWritten,
      log: log?.bytesWritten ?? 0,
      failed: failed.bytesWritten,
      exceptions: exceptions.bytesWritten,
    };
    await journal.checkpoint(lengths, { ok, records, requests, failures: { ...failures } });
    this.#vouched = copyOfTally(this.#options.tally);
  }

  /** A log that cannot be written costs the log, not the run. */
  async #writeLog(lines: string[]): Promise<void> {
    if (lines.length === 0 || this.#files.log === undefined) return;
    try {
      await this.#files.log.append(Buffer.from(lines.join('')));
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      await this.#files.log.close().catch(() => {}); // It is lost already, and said to be.
      this.#files.log = undefined;
      this.#options.onLogLost(error);
    }
  }

  #fail(error: Error, batch: Pending): void {
    this.#error = error;
    const late = this.#pending;
    this.#pending = nothing();
    for (const reject of [...batch.notWritten, ...late.notWritten]) reject(error);
  }
}
