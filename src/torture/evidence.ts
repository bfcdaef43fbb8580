import type { FaultPlan } from '../../fixtures/fault-plan.ts';
import type { ResultsShape } from './results-file.ts';

/** A row of the list, as whoever wrote the list knows it. Customers must be distinct: a result line names no row. */
export interface InputRow {
  customer: string;
  /** The row as it stands in the list, without its line break. */
  raw: string;
}

/** What was done to a start of the program. */
export type Harm =
  | { by: 'signal'; to: 'parent' | 'child' | 'group'; signal: NodeJS.Signals }
  /** A system call that failed, by strace. */
  | { by: 'error'; error: string };

/** What a run's files said at one moment, while nobody wrote to them. */
export interface Snapshot {
  /** Whether the journal had its first line. */
  hasJournal: boolean;
  /** Customers that the journal had settled for good: they may not be asked for again. */
  settled: ReadonlySet<string>;
  /** Customers whose lines or rows stood in the files, vouched for or not. */
  written: ReadonlySet<string>;
}

/** What the program is started with. */
export type Command = 'run' | 'resume' | 'retry';

/** One start of the program as seen from outside. */
export interface StartEvidence {
  command: Command;
  harms: readonly Harm[];
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  /** The customers of all requests that the endpoint had from this start, one for each, in their order. */
  requested: readonly string[];
  /** How many rows the children may hold at most, all together. */
  heldLimit: number;
  /** The files at its end. */
  after: Snapshot;
}

/** A finished run taken up once more. */
export interface RepeatEvidence {
  exitCode: number | null;
  stderr: string;
  requests: number;
  /** Names of files that changed, came or went. */
  changed: readonly string[];
}

/** How answers come, beside their faults. */
export interface AnswersShape {
  /** On so many pages for each customer, which follow each other in this way (`fixtures/pages.ts`). */
  pages?: { style: PageStyle; count: number /** Where the fault is, of a customer that has one. */; faultPage: number };
  /** Whether an answer must name its customer. */
  isVerified: boolean;
}

export const PAGE_STYLES = ['next_link', 'link_header', 'cursor', 'page', 'offset'] as const;
export type PageStyle = (typeof PAGE_STYLES)[number];

/** All that is known of a run from outside, from its first start to its end. */
export interface Evidence {
  folder: string;
  stamp: string;
  /** The list's first line, without its line break. */
  header: string;
  rows: readonly InputRow[];
  faults: FaultPlan | undefined;
  /** How the results are written. */
  shape: ResultsShape;
  /** As one each, and taken as they are, where nothing is said. */
  answers?: AnswersShape | undefined;
  maxAttempts: number;
  starts: readonly StartEvidence[];
  /** Processes of the run that live on after its end. */
  processesLeft: readonly number[];
  repeat: RepeatEvidence;
}

/** The five classes of customers, as Jepsen's set checker has them; `recovered` is ok, after more than one start asked for it. */
export const CLASSES = ['ok', 'recovered', 'lost', 'duplicated', 'unexpected'] as const;
export type CustomerClass = (typeof CLASSES)[number];

/** What the checker found. */
export interface Verdict {
  /** A sentence each, beginning with the invariant: `I1: lost: C0000012`. None where all is well. */
  violations: readonly string[];
  classes: Readonly<Record<CustomerClass, number>>;
  /** For each start after the first: customers that it asked for although an earlier one had. */
  again: readonly number[];
}
