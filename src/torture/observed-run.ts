import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../fixtures/endpoint.ts';
import type { FaultPlan } from '../../fixtures/fault-plan.ts';
import { PAGE_SIZE } from '../../fixtures/pages.ts';
import { type Ended, runAggregate, type StartOptions, startAggregate } from '../testing/aggregate-process.ts';
import { processesLeftOf } from '../testing/process-group.ts';
import { snapshotOf } from './checker.ts';
import type { AnswersShape, Command, Evidence, Harm, InputRow, RepeatEvidence, StartEvidence } from './evidence.ts';
import { heldLimitOf } from './held-limit.ts';
import type { ResultsShape } from './results-file.ts';
import { newestStamp } from './run-files.ts';

/** A run that is to be observed: its list, its endpoint, its settings. */
export interface RunSetup {
  endpoint: Endpoint;
  list: string;
  header: string;
  rows: readonly InputRow[];
  /** Where the output goes; nothing else is in it. */
  folder: string;
  faults: FaultPlan | undefined;
  maxAttempts: number;
  processCount: number;
  requestsPerProcess: number;
  chunkSize: number;
  checkpointSeconds: number;
  shape: ResultsShape;
  answers?: AnswersShape;
  /** Whether its failed customers are asked for again in the end, by an endpoint that has no faults any more. */
  isRetried?: boolean;
}

/** A start under way, for whoever is to harm it. */
export interface Victim {
  pid: number;
  /** Requests that the endpoint has had since it was started. */
  requests(): number;
  hasEnded(): boolean;
}

export interface StartPlan {
  command: Command;
  /** Arguments beside the settings. */
  words?: readonly string[];
  /** Resolves with what was done to the start. */
  harm?: (victim: Victim) => Promise<Harm[]>;
  options?: StartOptions;
}

/** No start of ours takes so long; one that does hangs (I9). */
const START_LIMIT_MS = 120_000;
/** A child leaves when its parent is gone; this is for one that is slow to. */
const LEAVE_LIMIT_MS = 15_000;
/** The header by which a request is known to be of one start; no setting that shapes the output. */
const START_HEADER = 'x-start';

/** Starts the program, once and again, and keeps what is seen of it from outside. */
export class ObservedRun {
  readonly #setup: RunSetup;
  readonly #starts: Omit<StartEvidence, 'requested'>[] = [];
  readonly #groups: number[] = [];

  constructor(setup: RunSetup) {
    this.#setup = setup;
  }

  /** The stamp of the newest run in its folder. */
  get stamp(): string | undefined {
    return newestStamp(this.#setup.folder);
  }

  /** What the last start left for the next: nothing, or a run that goes on. */
  get nextCommand(): 'run' | 'resume' {
    return this.#starts.at(-1)?.after.hasJournal ? 'resume' : 'run';
  }

  get isComplete(): boolean {
    const code = this.#starts.at(-1)?.exitCode;
    return code === 0 || code === 1;
  }

  /** Starts the program and waits for its end; nobody waits for its children here. */
  async start({ command, words = [], harm, options = {} }: StartPlan): Promise<Ended> {
    const { endpoint } = this.#setup;
    const before = endpoint.requests;
    let hasEnded = false;
    const started = startAggregate([...this.#args(command), ...words], { ...options, isDetached: true });
    const pid = started.process.pid ?? 0;
    this.#groups.push(pid);
    const limit = setTimeout(() => process.kill(-pid, 'SIGKILL'), START_LIMIT_MS);
    const ended = started.ended.finally(() => {
      hasEnded = true;
    });
    const victim = { pid, requests: () => endpoint.requests - before, hasEnded: () => hasEnded };
    const [harms, { exitCode, signal, stderr }] = await Promise.all([harm?.(victim) ?? [], ended]);
    clearTimeout(limit);
    const after = snapshotOf(this.#setup, this.stamp, this.#setup.isRetried ?? false);
    const heldLimit = heldLimitOf({ ...this.#setup, ...this.#setup.shape });
    this.#starts.push({ command, harms, exitCode, signal, stderr, heldLimit, after });
    return await ended;
  }

  /** Waits until every process of its starts is gone; those that stay are evidence. */
  async processesLeft(): Promise<number[]> {
    const left = await Promise.all(this.#groups.map((group) => processesLeftOf(group, LEAVE_LIMIT_MS)));
    return left.flat();
  }

  /** Takes the finished run up once more, and gives all that is known of it. */
  async evidence(): Promise<Evidence> {
    const { folder, header, rows, faults, shape, answers, maxAttempts, isRetried } = this.#setup;
    const processesLeft = await this.processesLeft();
    const starts = this.#starts.map((start, index) => ({ ...start, requested: this.#requestedBy(index + 1) }));
    const stamp = this.stamp ?? '';
    const repeat = await this.#repeat(stamp);
    const faultsLeft = isRetried ? undefined : faults;
    const known = { folder, stamp, header, rows, faults: faultsLeft, shape, answers, maxAttempts };
    return { ...known, starts, processesLeft, repeat };
  }

  async #repeat(stamp: string): Promise<RepeatEvidence> {
    const { folder, endpoint } = this.#setup;
    const before = digestsOf(folder);
    const requestsBefore = endpoint.requests;
    const { exitCode, stderr } = await runAggregate([...this.#args('resume'), stamp]);
    const after = digestsOf(folder);
    const names = new Set([...before.keys(), ...after.keys()]);
    const changed = [...names].filter((name) => before.get(name) !== after.get(name));
    return { exitCode, stderr, requests: endpoint.requests - requestsBefore, changed };
  }

  #requestedBy(start: number): string[] {
    const { log } = this.#setup.endpoint;
    return log.filter(({ headers }) => headers[START_HEADER] === String(start)).map(({ customer }) => customer);
  }

  #args(command: Command): string[] {
    const { list, endpoint, folder, maxAttempts, processCount, requestsPerProcess, chunkSize, shape } = this.#setup;
    return [
      command,
      ...['--source-file', list],
      ...['--output-directory', folder],
      ...['--max-attempts', `${maxAttempts}`],
      ...['--process-count', `${processCount}`],
      ...['--requests-per-process', `${requestsPerProcess}`],
      ...['--chunk-size', `${chunkSize}`],
      ...['--checkpoint-seconds', `${this.#setup.checkpointSeconds}`],
      ...['--output-format', shape.outputFormat, '--output-order', shape.outputOrder],
      ...['--output-compression', shape.outputCompression],
      ...answersArgs(endpoint.template, this.#setup.answers),
      ...['--header', `${START_HEADER}: ${this.#starts.length + 1}`],
    ];
  }
}

/** What to ask, and how to read what comes. */
function answersArgs(url: string, { pages, isVerified }: AnswersShape = { isVerified: false }): string[] {
  const verify = isVerified ? ['--verify-customer', 'customer'] : [];
  if (pages === undefined) return ['--url', url, ...verify];
  const { style, count, faultPage } = pages;
  const places = { path: style === 'cursor' ? 'cursor' : 'next', parameter: style, size: PAGE_SIZE };
  const members = {
    next_link: ['path'],
    link_header: [],
    cursor: ['path', 'parameter'],
    page: ['parameter'],
    offset: ['parameter', 'size'],
  };
  const pagination = JSON.stringify({ type: style, ...places }, ['type', ...members[style]]);
  return ['--url', `${url}?pages=${style}:${count}&fault_page=${faultPage}`, '--pagination', pagination, ...verify];
}

/** SHA-256 of each file in a folder. */
function digestsOf(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}
