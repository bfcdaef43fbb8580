import type { LogLevel } from '../channel/protocol.ts';
import type { ChildLife } from '../metrics/child-life.ts';
import type { Recorder } from '../metrics/recorder.ts';
import type { EventKind } from '../metrics/run-event.ts';
import type { AttemptCounts } from '../metrics/sampler.ts';
import type { RunLog } from '../output/run-log.ts';
import type { Tally } from '../output/tally.ts';
import type { FailedRow, Writer } from '../output/writer.ts';
import type { PoolOwner } from '../pool/pool-options.ts';
import type { FailedInPool, Settled } from '../pool/settled.ts';
import type { CustomerList, SourceRow } from '../source/customer-list.ts';

export interface OutputParts {
  list: CustomerList;
  writer: Writer;
  log: RunLog;
  recorder: Recorder;
  tally: Tally;
  /** Whether a position was settled before this start of the run. */
  isSettled(position: number): boolean;
  /** Something was settled, and is written. */
  onSettled(): void;
}

/**
 * Between the list, the pool and the writer: gives out the list's rows that are not settled, and turns what the pool
 * settles into lines of the files.
 */
export class Output implements PoolOwner {
  readonly #parts: OutputParts;
  #isListRead = false;
  #bytesTaken = 0;

  constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  get isListRead(): boolean {
    return this.#isListRead;
  }

  /** Bytes of the rows that were given out: the list itself is read in blocks, ahead of them. */
  get bytesTaken(): number {
    return this.#bytesTaken;
  }

  async nextRows(maxRows: number): Promise<SourceRow[]> {
    const { list, tally, isSettled } = this.#parts;
    while (!this.#isListRead) {
      const rows = await list.next(maxRows);
      if (rows.length === 0) this.#isListRead = true;
      tally.read += rows.length;
      this.#bytesTaken += rows.reduce((sum, { raw }) => sum + Buffer.byteLength(raw) + list.eol.length, 0);
      const open = rows.filter(({ position }) => !isSettled(position));
      tally.open += open.length;
      if (open.length > 0) return open;
    }
    return [];
  }

  async settle({ text, rows, empty, failures, records, attempts }: Settled): Promise<void> {
    const ok = rows.map(({ position }) => position);
    const failed = failures.map((failure) => this.#fail(failure));
    await this.#parts.writer.settle({ text, ok, empty, failed, records, requests: attempts });
    this.#parts.onSettled();
  }

  async log(lines: string): Promise<void> {
    this.#parts.writer.logLine(lines);
    await this.#parts.writer.written();
  }

  note(level: LogLevel, message: string): void {
    this.#parts.log.put(level, message, Date.now());
  }

  event(kind: EventKind, level: LogLevel, message: string): void {
    this.note(level, message);
    this.#parts.recorder.event(kind, message);
  }

  attempts(counts: AttemptCounts, inFlight: number): void {
    this.#parts.recorder.attempts(counts, inFlight);
  }

  childGone(life: ChildLife): void {
    this.#parts.recorder.child(life);
  }

  #fail({ row, failure, time }: FailedInPool): FailedRow {
    const { position, raw, values } = row;
    const customer = values[0] ?? '';
    const name = customer === '' ? `row ${position + 1}` : customer;
    this.#parts.log.put('error', `EXCEPTION GETTING ${name}! - ${failure.reason}`, time);
    return { ...failure, position, customer, raw };
  }
}
