import type { ChildSettings, LogFormat, LogLevel } from '../channel/protocol.ts';
import type { FailureLimit } from '../config/failure-limit-rule.ts';
import { SpoiledError, StopError } from '../errors.ts';
import type { ExpectsRefusals } from '../flow/canary.ts';
import type { FlowAccount } from '../flow/flow-account.ts';
import { isTooMany, tooManyWords } from '../flow/max-failures.ts';
import type { EndRecord, Fingerprint, SpoiledRecord } from '../journal/journal-records.ts';
import { Recorder } from '../metrics/recorder.ts';
import type { EventKind } from '../metrics/run-event.ts';
import type { ShownSettings } from '../metrics/samples-lines.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { createRunLog, type RunLog } from '../output/run-log.ts';
import type { Tally } from '../output/tally.ts';
import { Writer, type WriterFiles } from '../output/writer.ts';
import type { AskedOnceFacts } from '../pool/asked-once.ts';
import { Pool } from '../pool/pool.ts';
import type { PoolOptions } from '../pool/pool-options.ts';
import { boundWords } from '../progress/bound-words.ts';
import { expectedTotal, type ProgressFacts } from '../progress/progress-facts.ts';
import { filesOf } from '../report/files-of.ts';
import type { RunView } from '../report/run-view.ts';
import { createTokenSource, type SignInSettings, type TokenSource } from '../sign-in/token-source.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { timedelta } from './account.ts';
import { type Ending, exitCodeFor, tellError } from './exit-code.ts';
import { Output } from './output.ts';
import { writeSummary } from './summary.ts';
import type { JobSurroundings } from './surroundings.ts';

/** A run whose list is open and whose files are its own, new or taken up again. */
export interface RunStart {
  list: CustomerList;
  /** The list's path, for the summary. */
  source: string;
  /** The list's, when the run was first started. */
  fingerprint: Fingerprint;
  paths: RunPaths;
  files: WriterFiles;
  tally: Tally;
  /** Whether a position was settled before this start. */
  isSettled(position: number): boolean;
  /** Present where rows that ask for the same are asked for once. */
  once: AskedOnceFacts | undefined;
  beginning: Beginning;
  /** Those who are asked for have failed before, as in a retry; or others were answered, and they may be just those that are left. */
  expectsRefusals: ExpectsRefusals;
  /** When the run was first started. */
  startedAt: Date;
}

/** How this start of a run came about; `mark` is its first line in the log. */
export interface Beginning {
  kind: 'started' | 'resumed' | 'retried';
  mark: string;
}

export interface RunOptions {
  maxFailures: FailureLimit | undefined;
  /** Its children learn the run's stamp once there is one. */
  pool: Omit<PoolOptions, 'child'> & { child: Omit<ChildSettings, 'stamp'> };
  logFormat: LogFormat;
  redact(text: string): string;
  /** How tokens are got, where the settings ask for them. */
  signIn: SignInSettings | undefined;
  /** The settings in force, as they may be shown. */
  shownSettings: ShownSettings;
}

/** One start of a run, from its first log line to its summary. */
export class Run {
  readonly #start: RunStart;
  readonly #surroundings: JobSurroundings;
  readonly #log: RunLog;
  readonly #writer: Writer;
  readonly #pool: Pool;
  readonly #output: Output;
  readonly #recorder: Recorder;
  readonly #tokens: TokenSource | undefined;
  readonly #begunAt: Date;
  readonly #shownSettings: ShownSettings;
  readonly #tallyBefore: Pick<Tally, 'ok' | 'failed'>;
  #maxFailures: FailureLimit | undefined;
  /** From here on its files are being closed: signals and edits come too late to change anything, and nothing is said any more. */
  #isClosing = false;

  constructor(start: RunStart, options: RunOptions, surroundings: JobSurroundings) {
    const { list, files, tally, isSettled } = start;
    const { redact, logFormat: format } = options;
    this.#start = start;
    this.#shownSettings = options.shownSettings;
    this.#surroundings = surroundings;
    this.#begunAt = surroundings.now();
    this.#writer = new Writer(files, {
      eol: list.eol,
      tally,
      onLogLost: (error) => surroundings.warn(`${error.message}; the run goes on without its log`),
    });
    const { logLevel: level } = options.pool.child;
    const write = (line: string) => this.#writer.logLine(line);
    this.#log = createRunLog({ level, format, stamp: start.paths.stamp, redact, write });
    this.#recorder = new Recorder({
      path: start.paths.samples,
      read: () => ({ at: Date.now(), tally, inFlight: this.#pool.inFlight }),
      redact,
      onLost: (error) => surroundings.warn(`${tellError(error)}; the run goes on without its samples`),
    });
    this.#output = new Output({
      list,
      writer: this.#writer,
      log: this.#log,
      recorder: this.#recorder,
      tally,
      isSettled,
      onSettled: () => this.#countFailures(),
    });
    this.#maxFailures = options.maxFailures;
    this.#tallyBefore = { ok: tally.ok, failed: tally.failed };
    this.#tokens = options.signIn && this.#createTokens(options.signIn);
    const flow = { ...options.pool.flow, expectsRefusals: start.expectsRefusals };
    this.#pool = new Pool(
      {
        ...options.pool,
        child: this.#stamped(options.pool.child),
        flow,
        once: start.once,
        ...(this.#tokens && { tokens: this.#tokens }),
      },
      this.#output,
    );
  }

  /** What was done, as far as somebody who goes on with the run will find it. */
  get tally(): Tally {
    return this.#writer.vouched;
  }

  /** What the endpoint was found to be like. */
  get flowAccount(): FlowAccount {
    return this.#pool.flowAccount;
  }

  get isListRead(): boolean {
    return this.#output.isListRead;
  }

  /** Takes over the options that may change while it works. */
  change({ pool, shownSettings, maxFailures }: RunOptions): void {
    if (this.#isClosing) return;
    this.#recorder.settings(shownSettings);
    this.#maxFailures = maxFailures;
    this.#log.setLevel(pool.child.logLevel);
    this.#pool.change({ ...pool, child: this.#stamped(pool.child) });
  }

  #stamped(child: Omit<ChildSettings, 'stamp'>): ChildSettings {
    return { ...child, stamp: this.#start.paths.stamp };
  }

  /** Something happened to the run from outside: it stands in the log, and among the events. */
  event(kind: EventKind, level: LogLevel, message: string): void {
    if (!this.#isClosing) this.#output.event(kind, level, message);
  }

  /** Works until every row is settled or something ends it; it does not throw. */
  async toEnd(): Promise<Ending> {
    const { shutdown } = this.#surroundings;
    const { kind, mark } = this.#start.beginning;
    this.#log.put('run', mark, this.#begunAt.getTime());
    const doubled = this.#start.once?.rows.count ?? 0;
    if (doubled > 0)
      this.#output.note('info', `${doubled} customers stand in the list more than once: each is asked for once`);
    await this.#recorder.start();
    this.#recorder.settings(this.#shownSettings);
    this.#recorder.event(kind, mark);
    const progress = this.#surroundings.showProgress(() => this.#progress());
    shutdown.onStop(() => this.#noteStop());
    shutdown.onLeave(() => this.#leave());
    const worked = await thrownBy(this.#work());
    progress.stop();
    this.#isClosing = true;
    const ending = this.#endingOf(worked);
    const closed = await thrownBy(this.#close(ending));
    return closed === undefined || worked !== undefined ? ending : { is: 'error', error: closed.error };
  }

  /** Something that stands in the log alone. */
  note(level: LogLevel, message: string): void {
    if (!this.#isClosing) this.#output.note(level, message);
  }

  /** The run as it is at the moment, but for the failures that are alike. */
  view(): Omit<RunView, 'groups'> {
    const { tally, paths, startedAt } = this.#start;
    const { ok, failed, failures, records, requests, read } = tally;
    const progress = this.#progress();
    const expected = expectedTotal(progress) ?? null;
    const outcome = progress.bound === undefined ? 'under way' : `under way; ${progress.bound}`;
    return {
      ...{ stamp: paths.stamp, state: 'running', outcome },
      ...{ startedAt: startedAt.getTime(), endedAt: Date.now() },
      ...{ total: this.isListRead ? read : null, expected, ok, failed, failures, records, requests },
      ...{ measured: this.#recorder.measured, childDeaths: this.#recorder.childDeaths },
      ...{ flow: this.#pool.flow, children: this.#pool.children },
      ...{ settings: this.#recorder.shownSettings, files: filesOf(paths) },
    };
  }

  #progress(): ProgressFacts {
    const { tally, list } = this.#start;
    const { ok, failed, failures, read, open } = tally;
    const { isListRead } = this;
    const { children, unwritten, waiting, isStopping, flow: gate } = this.#pool;
    const starting = children.filter(({ state }) => state === 'starting').length;
    const bound = boundWords(
      { gate, unwritten, waiting, open, isListRead, starting, isStopping },
      this.#surroundings.now(),
    );
    return {
      ...{ done: ok + failed, failed, failures, read, inFlight: gate.inFlight, children, bound },
      list: { bytesRead: this.#output.bytesTaken, totalBytes: list.totalBytes, isAtEnd: isListRead },
    };
  }

  /** Nobody is asked for before there is a token. */
  async #work(): Promise<void> {
    try {
      await this.#tokens?.begin(this.#surroundings.shutdown.stopSignal);
      await this.#pool.run();
    } finally {
      this.#tokens?.close();
    }
  }

  #createTokens(signIn: SignInSettings): TokenSource {
    return createTokenSource(signIn, {
      learnSecret: (secret) => this.#surroundings.learnSecret(secret),
      note: (level, message) => this.#log.put(level, message, this.#surroundings.now().getTime()),
      onToken: (message) => this.#pool.tellToken(message),
      onGivenUp: (error) => this.#pool.stop(error),
    });
  }

  /** Those of earlier starts do not count: whoever goes on knows of them. */
  #countFailures(): void {
    const { tally } = this.#start;
    const limit = this.#maxFailures;
    const failed = tally.failed - this.#tallyBefore.failed;
    const settled = failed + tally.ok - this.#tallyBefore.ok;
    const isDone = this.isListRead && tally.open === 0;
    if (limit === undefined || isDone || !isTooMany(limit, failed, settled)) return;
    this.#pool.stop(new StopError(tooManyWords(limit, failed, settled)));
  }

  /** A wish to end that comes when the last row is settled is too late to end anything. */
  #endingOf(worked: Thrown): Ending {
    if (worked !== undefined) return { is: 'error', error: worked.error };
    const { tally } = this.#start;
    if (this.isListRead && tally.open === 0) {
      const change = changeOf(this.#start);
      return change === undefined ? { is: 'complete', failed: tally.failed } : { is: 'error', error: change };
    }
    const fault = new Error('the pool ended before every row was settled');
    return this.#surroundings.shutdown.ending ?? { is: 'error', error: fault };
  }

  #leave(): void {
    if (this.#isClosing) return;
    this.#log.put('run', 'second signal received: leaving at once', this.#surroundings.now().getTime());
    this.#pool.kill();
  }

  #noteStop(): void {
    if (this.#isClosing) return;
    const { signal, ending } = this.#surroundings.shutdown;
    const why = ending?.is === 'error' ? tellError(ending.error) : `${signal} received`;
    const message = `${why}: no more requests, those in flight may finish`;
    this.#log.put('run', message, this.#surroundings.now().getTime());
    this.#recorder.event('stopped', message);
    if (signal !== undefined) this.#surroundings.warn(`${message} (once more to leave at once)`);
    this.#pool.stop();
  }

  /** Writes what is left, the run's last log lines, and, where it is complete, the summary: in this order. */
  async #close(ending: Ending): Promise<void> {
    const { tally, paths, source, startedAt } = this.#start;
    const finishedAt = this.#surroundings.now();
    const runtime = timedelta(finishedAt.getTime() - this.#begunAt.getTime());
    this.#log.put('run', lastMark(ending), finishedAt.getTime());
    this.#log.put('run', `[Total runtime: ${runtime}]`, finishedAt.getTime());
    this.#recorder.event(ending.is === 'complete' ? 'finished' : 'stopped', lastMark(ending));
    await this.#log.end();
    await this.#recorder.end();
    await this.#writer.close(lastRecord(ending, tally, finishedAt.toISOString()));
    if (ending.is !== 'complete') return;
    await writeSummary({
      paths,
      source,
      startedAt,
      finishedAt,
      exitCode: exitCodeFor(ending),
      tally,
      flow: this.flowAccount,
    });
  }
}

/** What the journal ends with; undefined where somebody can go on. */
function lastRecord(ending: Ending, { read: rows }: Tally, at: string): EndRecord | SpoiledRecord | undefined {
  if (ending.is === 'complete') return { type: 'end', rows, at };
  if (ending.is === 'interrupted' || !(ending.error instanceof SpoiledError)) return undefined;
  return { type: 'spoiled', reason: ending.error.message, at };
}

/** What was read must be what the journal vouches for: else nobody can say whose results these are. */
function changeOf({ list, source, fingerprint }: RunStart): SpoiledError | undefined {
  if (list.sha256 === fingerprint.sha256) return undefined;
  const { bytes } = fingerprint;
  const what =
    list.bytesRead === bytes ? 'its content became another' : `it had ${bytes} bytes, and ${list.bytesRead} were read`;
  return new SpoiledError(`the list ${source} changed while the run was on (${what})`);
}

/** What a promise threw, or undefined. */
type Thrown = { error: unknown } | undefined;
const thrownBy = (promise: Promise<void>): Promise<Thrown> =>
  promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );

function lastMark(ending: Ending): string {
  if (ending.is === 'complete') return '[Run finished]';
  if (ending.is === 'interrupted') return `[Run interrupted by ${ending.signal}]`;
  return `[Run stopped] ${tellError(ending.error)}`;
}
