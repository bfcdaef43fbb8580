import { existsSync } from 'node:fs';
import { changedShape, outputShapeOf } from '../config/output-shape.ts';
import type { Settings } from '../config/schema.ts';
import { RecoveryError, UsageError } from '../errors.ts';
import { readSummary } from '../job/read-summary.ts';
import type { RunState } from '../job/run-state.ts';
import type { KnownRun } from '../job/runs.ts';
import { PositionSet } from '../journal/position-set.ts';
import { type Recovered, recover } from '../journal/recover.ts';
import { auditLengths, type ResultsFacts, weighFiles } from './audit-files.ts';
import { auditList, isSameList, type ListFacts } from './audit-list.ts';
import { auditSums } from './audit-sums.ts';
import { Findings } from './findings.ts';
import { nameDifferences } from './name-differences.ts';
import { effectivePaths, newBalances, type Subject } from './subject.ts';
import { writeUnsettled } from './write-unsettled.ts';

/** What an audit has to say of a run. */
export interface Audit {
  /** What is wrong; none where all is well. */
  findings: Findings;
  /** Undefined where journal or files cannot be read. */
  facts: AuditFacts | undefined;
  /** Rows written to the file that was asked for. */
  written: number;
}

export interface AuditFacts {
  ok: number;
  failed: number;
  /** Undefined where the list is not the run's. */
  list: ListFacts | undefined;
  results: ResultsFacts;
  /** Bytes after the last checkpoint, for which nothing vouches, and which were not audited. */
  tailBytes: number;
}

/**
 * Audits a run from its files alone, up to its last checkpoint; writes nothing but the rows that are not settled to
 * `unsettledPath`, where one is given.
 *
 * It proves, with the certainty that `Balance` names, that every row of the list is ok or failed in the journal, once
 * (or counts those that are neither); that the failed file has the lines of the failed rows and no other, byte by byte,
 * and the exceptions file a line for each of them; that every customer with a row that is ok and has records has a block
 * of lines in the results, and nobody else has; that nobody has more blocks than such rows, and so that they stand
 * together; that no line is torn; that what several rows ask for stands in the results once, where it is asked for once; that lengths and sums agree with the journal, and the journal with the summary.
 *
 * What cannot be seen from the files alone: whether a record is what the server sent, or belongs to another customer than
 * the one before it; and, of a customer that stands in the list more than once, which of its rows has which block.
 */
export async function verifyRun(
  settings: Settings,
  run: KnownRun,
  state: RunState,
  unsettledPath: string | undefined,
): Promise<Audit> {
  if (unsettledPath !== undefined && existsSync(unsettledPath)) {
    throw new UsageError(`${unsettledPath} exists already: nothing was written`);
  }
  let audited = await auditOnce(settings, run, state);
  // Under a run that has just begun a retry, files are replaced; what is wrong stays wrong.
  for (let more = 0; more < AGAIN_WHERE_RUNNING && isInDoubt(audited, state); more += 1) {
    audited = await auditOnce(settings, run, state);
  }
  return { ...audited, written: await writeWhereAsked(audited, unsettledPath) };
}

const AGAIN_WHERE_RUNNING = 2;

const isInDoubt = ({ findings }: Audited, state: RunState): boolean => state === 'running' && findings.count > 0;

/** An audit, and what is needed to write the rows that are not settled. */
interface Audited {
  findings: Findings;
  facts: AuditFacts | undefined;
  subject: Subject | undefined;
  /** Rows that are settled in the journal, of which something is missing in the files. */
  missing: PositionSet;
}

async function auditOnce(settings: Settings, run: KnownRun, state: RunState): Promise<Audited> {
  const audited: Audited = {
    findings: new Findings(),
    facts: undefined,
    subject: undefined,
    missing: new PositionSet(),
  };
  const { findings } = audited;
  try {
    const recovered = await recover(run.paths.journal);
    expectReadable(settings, recovered);
    if (recovered.spoiled !== undefined) findings.add('list', recovered.spoiled);
    const paths = effectivePaths(run.paths, recovered);
    audited.subject = { settings, recovered, paths, summary: run.summary, findings };
    audited.facts = await audit(audited.subject, state, audited.missing);
  } catch (error) {
    if (error instanceof RecoveryError) findings.add('journal', error.message);
    else if (isReadError(error)) findings.add('unreadable', `a file cannot be read: ${error.message}`);
    else throw error;
  }
  return audited;
}

/** Of the system, or of what unpacks the results. */
const isReadError = (error: unknown): error is Error =>
  error instanceof Error && ('syscall' in error || 'errno' in error);

async function audit(subject: Subject, state: RunState, missing: PositionSet): Promise<AuditFacts> {
  const { ok, failed } = subject.recovered;
  await auditSummary(subject, state);
  const tailBytes = auditLengths(subject);
  const balances = newBalances();
  const list = (await isSameList(subject)) ? await auditList(subject, balances) : undefined;
  const { results, kinds } = await weighFiles(subject, balances, list !== undefined);
  auditSums(subject, results, kinds);
  if (list !== undefined) await nameDifferences(subject, balances, missing);
  return { ok: ok.size, failed: failed.size, list, results, tailBytes };
}

/** Nothing is written where nothing is left to ask for, or where the list is not the run's. */
async function writeWhereAsked({ facts, subject, missing }: Audited, path: string | undefined): Promise<number> {
  if (path === undefined || subject === undefined || facts?.list === undefined) return 0;
  return facts.list.unsettled + missing.size === 0 ? 0 : await writeUnsettled(subject, missing, path);
}

async function auditSummary({ paths, recovered, summary, findings }: Subject, state: RunState): Promise<void> {
  if ((await readSummary(paths.summary)) === 'damaged') {
    findings.add('summary', `${paths.summary} is damaged: it cannot be read`);
  }
  if (state !== 'running' && summary !== undefined && recovered.end === undefined) {
    findings.add('summary', `${paths.summary} says that the run is over, the journal that it is not`);
  }
}

/** The settings that say how the run's list and results are read. */
const READING: ReadonlySet<string> = new Set([
  ...['source_header', 'source_column', 'url', 'fields'],
  ...['output_format', 'output_compression', 'unique_customers'],
]);

/** Read with other settings, a run that is well would seem broken. */
function expectReadable(settings: Settings, { run }: Recovered): void {
  const changed = changedShape(outputShapeOf(settings), run.settings).filter((name) => READING.has(name));
  if (changed.length === 0) return;
  throw new UsageError(
    `run ${run.stamp} cannot be audited with other settings than its own: ${changed.join(', ')} changed`,
  );
}
