import type { Failure } from '../channel/protocol.ts';
import { OutputError } from '../errors.ts';
import type { LateFile } from './late-file.ts';
import type { OutputFile } from './output-file.ts';

/** A row that was given up on: where it stood, as it was, and why. */
export interface FailedRow extends Failure {
  position: number;
  customer: string;
  /** The row as it stood in the list, without its line break; bytes where it was not UTF-8. */
  raw: string | Uint8Array;
}

/** The files that the writer owns; nobody else writes to them. */
export interface WriterFiles {
  results: OutputFile;
  /** Undefined once it could not be written: a run goes on without its log. */
  log: OutputFile | undefined;
  failed: LateFile;
  exceptions: LateFile;
}

interface Pending {
  results: string[];
  log: string[];
  failed: Uint8Array[];
  exceptions: string[];
  written: (() => void)[];
  notWritten: ((error: Error) => void)[];
}
const nothing = (): Pending => ({ results: [], log: [], failed: [], exceptions: [], written: [], notWritten: [] });

/**
 * The single writer: takes what is settled and writes it in the order in which it came, everything that waits at once.
 * Memory is bounded by the credit of those who wait for `written`. After an error it writes nothing more.
 */
export class Writer {
  readonly #files: WriterFiles;
  readonly #eol: string;
  readonly #onLogLost: (error: OutputError) => void;
  #pending = nothing();
  #flushing: Promise<void> | undefined;
  #error: Error | undefined;

  /** `eol` is the list's line break; `onLogLost` is called once, when the log can no longer be written. */
  constructor(files: WriterFiles, eol: string, onLogLost: (error: OutputError) => void) {
    this.#files = files;
    this.#eol = eol;
    this.#onLogLost = onLogLost;
  }

  /** Resolves when the lines and the failures are written; rejects with the OutputError that stops the run. */
  settle(text: string, failures: readonly FailedRow[]): Promise<void> {
    if (text !== '') this.#pending.results.push(text);
    for (const row of failures) {
      this.#pending.failed.push(Buffer.from(row.raw), Buffer.from(this.#eol));
      this.#pending.exceptions.push(exceptionLine(row));
    }
    return this.written();
  }

  /** Takes a whole log line; `written()` tells when it is written. */
  logLine(line: string): void {
    this.#pending.log.push(line);
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

  /** Writes what is left and closes all files, each of them even where another fails; throws the first error. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    const keep = (error: unknown) => errors.push(error);
    if (this.#error === undefined) await this.written().catch(keep);
    const { results, log, failed, exceptions } = this.#files;
    for (const file of [results, failed, exceptions]) await file.close().catch(keep);
    await log?.close().catch((error: OutputError) => this.#onLogLost(error));
    if (errors.length > 0) throw errors[0];
  }

  async #flush(): Promise<void> {
    // What arrives in the same turn of the event loop goes out in the same write.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#pending.written.length > 0) {
      const batch = this.#pending;
      this.#pending = nothing();
      try {
        await this.#write(batch);
        for (const resolve of batch.written) resolve();
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)), batch);
      }
    }
    this.#flushing = undefined;
  }

  async #write(batch: Pending): Promise<void> {
    const { results, failed, exceptions } = this.#files;
    await this.#writeLog(batch.log);
    await results.append(Buffer.from(batch.results.join('')));
    await failed.append(Buffer.concat(batch.failed));
    await exceptions.append(Buffer.from(batch.exceptions.join('')));
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
      this.#onLogLost(error);
    }
  }

  #fail(error: Error, batch: Pending): void {
    this.#error = error;
    const late = this.#pending;
    this.#pending = nothing();
    for (const reject of [...batch.notWritten, ...late.notWritten]) reject(error);
  }
}

/**
 * An object a line for each failure, with the customer as it is: JSON escapes what could break a line.
 * Example: `{"position":16,"customer":"1000017","kind":"http_5xx","status":503,"attempts":3,"elapsed_ms":1840,"message":"HTTP 503 Service Unavailable"}`
 */
function exceptionLine(row: FailedRow): string {
  const { position, customer, kind, status, attempts, elapsedMs, reason } = row;
  const facts = { position, customer, kind, status: status ?? null, attempts, elapsed_ms: elapsedMs, message: reason };
  return `${JSON.stringify(facts)}\n`;
}
