import type { ChildSettings } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { createRedactor } from '../config/secrets.ts';
import { compileUrl } from '../http/url-template.ts';
import { type Claim, claimFiles, type RunPaths } from '../output/claim-files.ts';
import { LateFile } from '../output/late-file.ts';
import { createRunLog, type RunLog } from '../output/run-log.ts';
import { Writer } from '../output/writer.ts';
import { Pool } from '../pool/pool.ts';
import { type CustomerList, openList } from '../source/open-list.ts';
import { timedelta } from './account.ts';
import { type Ending, exitCodeFor, tellError } from './exit-code.ts';
import { Output } from './output.ts';
import type { Progress } from './progress.ts';
import type { Shutdown } from './shutdown.ts';
import { writeSummary } from './summary.ts';
import { emptyTally, type Tally, unsettledOf } from './tally.ts';

/** What a run needs of the world around it. */
export interface JobSurroundings {
  /** The file that a child runs. */
  childEntry: URL;
  stdin: NodeJS.ReadableStream;
  shutdown: Shutdown;
  /** Tells a person something at once, beside the progress line. */
  warn(message: string): void;
  /** Begins to show progress; called once, when the run begins. */
  showProgress(tally: Tally, list: CustomerList): Progress;
  now(): Date;
}

/** What became of a run. `paths` is undefined where it ended before it had files. */
export interface RunReport {
  ending: Ending;
  exitCode: number;
  tally: Tally;
  paths: RunPaths | undefined;
  durationMs: number;
  /** Whether the list was read to its end. */
  isListRead: boolean;
}

/** Runs a job from its list to its summary. Errors are in the report's `ending`; it does not throw. */
export async function runJob(settings: Settings, secrets: string[], surroundings: JobSurroundings): Promise<RunReport> {
  const startedAt = surroundings.now();
  const tally = emptyTally();
  const report = (ending: Ending, paths?: RunPaths, isListRead = false): RunReport => ({
    ending,
    exitCode: exitCodeFor(ending),
    tally,
    paths,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    isListRead,
  });
  let list: CustomerList | undefined;
  try {
    list = await openListOf(settings, surroundings.stdin);
    const { signal } = surroundings.shutdown;
    if (signal !== undefined) return report({ is: 'interrupted', signal });
    const claim = await claimFiles(outputPathsOf(settings), startedAt);
    const run = new Run(settings, secrets, surroundings, { list, claim, tally, startedAt });
    const ending = await run.toEnd();
    return report(ending, claim.paths, run.isListRead);
  } catch (error) {
    return report({ is: 'error', error });
  } finally {
    await list?.close();
  }
}

interface RunParts {
  list: CustomerList;
  claim: Claim;
  tally: Tally;
  startedAt: Date;
}

/** One run, once its list is open and its files are its own. */
class Run {
  readonly #settings: Settings;
  readonly #surroundings: JobSurroundings;
  readonly #parts: RunParts;
  readonly #log: RunLog;
  readonly #writer: Writer;
  readonly #pool: Pool;
  readonly #output: Output;

  constructor(settings: Settings, secrets: string[], surroundings: JobSurroundings, parts: RunParts) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#parts = parts;
    const redact = createRedactor(secrets);
    this.#writer = createWriter(parts, surroundings.warn);
    this.#log = createRunLog(settings.log_level, redact, (line) => this.#writer.logLine(line));
    this.#output = new Output(parts.list, this.#writer, this.#log, parts.tally);
    const { childEntry: entry } = surroundings;
    const { process_count: processCount, chunk_size: chunkSize } = settings;
    this.#pool = new Pool({ entry, processCount, chunkSize, child: childSettingsOf(settings, secrets) }, this.#output);
  }

  get isListRead(): boolean {
    return this.#output.isListRead;
  }

  async toEnd(): Promise<Ending> {
    const { shutdown } = this.#surroundings;
    this.#log.put('run', '[Run started]', this.#parts.startedAt.getTime());
    const progress = this.#surroundings.showProgress(this.#parts.tally, this.#parts.list);
    shutdown.onStop(() => this.#noteStop());
    shutdown.onLeave(() => this.#pool.kill());
    const worked = await settledBy(this.#pool.run());
    progress.stop();
    const ending = this.#endingOf(worked);
    const closed = await settledBy(this.#close(ending));
    return closed === undefined ? ending : { is: 'error', error: closed.error };
  }

  /** A signal that comes when the last row is settled is too late to interrupt anything. */
  #endingOf(worked: Thrown): Ending {
    if (worked !== undefined) return { is: 'error', error: worked.error };
    const { signal } = this.#surroundings.shutdown;
    const isComplete = this.isListRead && unsettledOf(this.#parts.tally) === 0;
    if (signal !== undefined && !isComplete) return { is: 'interrupted', signal };
    if (!isComplete) return { is: 'error', error: new Error('the pool ended before every row was settled') };
    return { is: 'complete', failed: this.#parts.tally.failed };
  }

  #noteStop(): void {
    const { signal } = this.#surroundings.shutdown;
    const message = `${signal} received: no more requests; those in flight may finish`;
    this.#log.put('run', message, this.#surroundings.now().getTime());
    this.#surroundings.warn(`${message} (once more to leave at once)`);
    this.#pool.stop();
  }

  /** Writes what is left, the run's last log lines, and, where it is complete, the summary: in this order. */
  async #close(ending: Ending): Promise<void> {
    const finishedAt = this.#surroundings.now();
    const runtime = timedelta(finishedAt.getTime() - this.#parts.startedAt.getTime());
    this.#log.put('run', lastMark(ending), finishedAt.getTime());
    this.#log.put('run', `[Total runtime: ${runtime}]`, finishedAt.getTime());
    await this.#log.end();
    await this.#writer.close();
    if (ending.is !== 'complete') return;
    const { claim, startedAt, tally } = this.#parts;
    const exitCode = exitCodeFor(ending);
    await writeSummary({
      paths: claim.paths,
      source: this.#settings.source_file,
      startedAt,
      finishedAt,
      exitCode,
      tally,
    });
  }
}

/** What a promise threw, or undefined. */
type Thrown = { error: unknown } | undefined;
const settledBy = (promise: Promise<void>): Promise<Thrown> =>
  promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );

function lastMark(ending: Ending): string {
  if (ending.is === 'complete') return '[Run finished]';
  if (ending.is === 'interrupted') return `[Run interrupted by ${ending.signal}]`;
  return `[Run stopped] ${tellError(ending.error)}`;
}

async function openListOf(settings: Settings, stdin: NodeJS.ReadableStream): Promise<CustomerList> {
  const { source_file: path, source_header: hasHeader, source_column: column } = settings;
  const { placeholders } = compileUrl(settings.url);
  return await openList({ path, stdin, hasHeader, column, placeholders });
}

function outputPathsOf(settings: Settings) {
  return {
    results: settings.profile_data_file,
    log: settings.log_file,
    failed: settings.failed_customer_file,
    directory: settings.output_directory,
  };
}

function createWriter({ list, claim }: RunParts, warn: (message: string) => void): Writer {
  const { paths, results, log } = claim;
  const head = list.headerRaw === undefined ? [] : [Buffer.from(list.headerRaw), Buffer.from(list.eol)];
  const failed = new LateFile(paths.failed, Buffer.concat(head));
  const exceptions = new LateFile(paths.exceptions);
  return new Writer({ results, log, failed, exceptions }, list.eol, (error) =>
    warn(`${error.message}; the run goes on without its log`),
  );
}

function childSettingsOf(settings: Settings, secrets: string[]): ChildSettings {
  return {
    url: settings.url,
    headers: settings.headers,
    requestsPerProcess: settings.requests_per_process,
    timeoutMs: settings.timeout_seconds * 1000,
    connectTimeoutMs: settings.connect_timeout_seconds * 1000,
    maxAttempts: settings.max_attempts,
    maxRetryAfterMs: settings.max_retry_after_seconds * 1000,
    records: settings.records,
    fields: settings.fields,
    logLevel: settings.log_level,
    secrets,
  };
}
