import { journalLine } from './journal-line.ts';
import type { JournalRecord, OutputLengths, Totals } from './journal-records.ts';
import { rangesOf } from './ranges.ts';

/** A file that only grows; `sync` resolves when all of it is on the disk. */
export interface DurableFile {
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** So many positions are kept between two checkpoints at most. */
const MAX_POSITIONS = 200_000;
/** So many bytes of output are written between two checkpoints at most: what a crash cuts off, and a sync has to carry. */
const MAX_BYTES = 16 * 1024 * 1024;

/** When a checkpoint is due. */
export interface CheckpointPace {
  /** So long after the last one, */
  intervalMs: number;
  /** where so much was written since, or `SMALL_AFTER_MS` have passed: 0 where it is left out. */
  leastBytes?: number;
}

/** What is too small to end a member of packed results for is vouched for so long after the last checkpoint. */
const SMALL_AFTER_MS = 1000;

/**
 * The run's book: what is settled, and how long the files were then. Each record is on the disk when its method
 * resolves. A checkpoint vouches for the outputs, so they are synced before it is written, by whoever owns them.
 */
export class Journal {
  readonly #file: DurableFile;
  readonly #pace: Required<CheckpointPace>;
  #ok: number[] = [];
  #empty: number[] = [];
  #failed: number[] = [];
  #bytes = 0;
  #checkpointAt: number;

  /** Too many positions or bytes make a checkpoint due at any pace. */
  constructor(file: DurableFile, { intervalMs, leastBytes = 0 }: CheckpointPace) {
    this.#file = file;
    this.#pace = { intervalMs, leastBytes };
    this.#checkpointAt = performance.now();
  }

  /** Takes positions whose output, of so many bytes, is written; `empty` are those of `ok` whose customer has no records. */
  settle(ok: readonly number[], empty: readonly number[], failed: readonly number[], bytes: number): void {
    this.#bytes += bytes;
    for (const position of ok) this.#ok.push(position);
    for (const position of empty) this.#empty.push(position);
    for (const position of failed) this.#failed.push(position);
  }

  get isDue(): boolean {
    if (this.#ok.length + this.#failed.length >= MAX_POSITIONS || this.#bytes >= MAX_BYTES) return true;
    const { intervalMs, leastBytes } = this.#pace;
    const sinceMs = performance.now() - this.#checkpointAt;
    return sinceMs >= (this.#bytes >= leastBytes ? intervalMs : this.longestMs) && this.hasNews;
  }

  /** Milliseconds after which anything that was written is vouched for. */
  get longestMs(): number {
    const { intervalMs, leastBytes } = this.#pace;
    return leastBytes === 0 ? intervalMs : Math.max(intervalMs, SMALL_AFTER_MS);
  }

  /** Whether anything was written since the last checkpoint. */
  get hasNews(): boolean {
    return this.#ok.length + this.#failed.length + this.#bytes > 0;
  }

  async checkpoint(lengths: OutputLengths, totals: Totals): Promise<void> {
    const ok = rangesOf(this.#ok);
    const empty = rangesOf(this.#empty);
    const failed = rangesOf(this.#failed);
    this.#ok = [];
    this.#empty = [];
    this.#failed = [];
    this.#bytes = 0;
    await this.record({ type: 'checkpoint', ok, empty, failed, lengths, totals });
    this.#checkpointAt = performance.now();
  }

  async record(record: JournalRecord): Promise<void> {
    await this.#file.append(Buffer.from(journalLine(record)));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
