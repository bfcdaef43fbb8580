import type { Failure, LogEntry, LogLevel } from '../channel/protocol.ts';
import type { RunLog } from '../output/run-log.ts';
import type { FailedRow, Writer } from '../output/writer.ts';
import type { PoolOwner } from '../pool/pool.ts';
import type { FailedInPool, Settled } from '../pool/settled.ts';
import type { CustomerList } from '../source/open-list.ts';
import type { SourceRow } from '../source/source-row.ts';
import { countFailure, type Tally } from './tally.ts';

/**
 * Between the list, the pool and the writer: gives out the list's rows, and turns what the pool settles into lines of
 * the files and counts. Rows that cannot be asked for are settled here, as failures, without meeting a child.
 */
export class Output implements PoolOwner {
  readonly #list: CustomerList;
  readonly #writer: Writer;
  readonly #log: RunLog;
  readonly #tally: Tally;
  #isListRead = false;

  constructor(list: CustomerList, writer: Writer, log: RunLog, tally: Tally) {
    this.#list = list;
    this.#writer = writer;
    this.#log = log;
    this.#tally = tally;
  }

  get isListRead(): boolean {
    return this.#isListRead;
  }

  /** Waits for the failures of bad rows to be written, so that a list of nothing else is no flood. */
  async nextRows(maxRows: number): Promise<SourceRow[]> {
    while (!this.#isListRead) {
      const rows = await this.#list.next(maxRows);
      if (rows.length === 0) this.#isListRead = true;
      this.#tally.read += rows.length;
      const bad = rows.filter((row) => row.problem !== undefined);
      if (bad.length > 0) await this.#settleBad(bad);
      const good = rows.filter((row) => row.problem === undefined);
      if (good.length > 0) return good;
    }
    return [];
  }

  async settle({ text, rows, failures, records, attempts }: Settled): Promise<void> {
    const failed = failures.map((failed) => this.#fail(failed));
    await this.#writer.settle(text, failed);
    this.#tally.ok += rows.length;
    this.#tally.records += records;
    this.#tally.requests += attempts;
    for (const { kind } of failed) countFailure(this.#tally, kind);
  }

  async log(entries: LogEntry[]): Promise<void> {
    for (const { level, message, time } of entries) this.#log.put(level, message, time);
    await this.#writer.written();
  }

  note(level: LogLevel, message: string): void {
    this.#log.put(level, message, Date.now());
  }

  async #settleBad(rows: SourceRow[]): Promise<void> {
    const failures = rows.map((row) => {
      const reason = `line ${row.line}: ${row.problem}`;
      const failure: Failure = { kind: 'bad_row', reason, attempts: 0, elapsedMs: 0 };
      return { row, failure, time: Date.now() };
    });
    await this.settle({ text: '', rows: [], failures, records: 0, attempts: 0 });
  }

  #fail({ row, failure, time }: FailedInPool): FailedRow {
    const { position, raw, values } = row;
    const customer = values[0] ?? '';
    const name = customer === '' ? `row ${position + 1}` : customer;
    this.#log.put('error', `EXCEPTION GETTING ${name}! - ${failure.reason}`, time);
    return { ...failure, position, customer, raw };
  }
}
