import { statSync } from 'node:fs';
import { hadValue } from '../config/output-shape.ts';
import { RecoveryError } from '../errors.ts';
import type { RunRecord } from '../journal/journal-records.ts';
import { readRunRecord } from '../journal/read-journal.ts';
import { type Recovered, recover } from '../journal/recover.ts';
import type { RunState } from './run-state.ts';
import type { KnownRun } from './runs.ts';

/** What is told of a run in a list of them. */
export interface RunFacts {
  stamp: string;
  state: RunState;
  /** ISO 8601, UTC; null where the journal is damaged. */
  startedAt: string | null;
  /** Rows of the list; null where they are not known before the run is over. */
  total: number | null;
  ok: number;
  failed: number;
  records: number;
  requests: number;
  /** From its first start to its end, to the last sign of it, or until now. */
  durationMs: number | null;
  /** Why its journal cannot be relied upon; null where it can. */
  problem: string | null;
  /** `source_file` as it was; undefined where that is not known. */
  sourceFile: string | undefined;
  paths: KnownRun['paths'];
}

/** The facts of a run: those of its summary, or, while it has none, those of its journal. */
export async function runFacts(run: KnownRun, state: RunState, now: Date): Promise<RunFacts> {
  if (run.summary !== undefined) return await finishedFacts(run, run.summary);
  try {
    return unfinishedFacts(run, state, await recover(run.paths.journal), now);
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    const nothing = { total: null, ok: 0, failed: 0, records: 0, requests: 0, startedAt: null, durationMs: null };
    const { paths } = run;
    return { stamp: paths.stamp, state, ...nothing, problem: error.message, sourceFile: undefined, paths };
  }
}

async function finishedFacts({ paths }: KnownRun, summary: NonNullable<KnownRun['summary']>): Promise<RunFacts> {
  const { customers, records, requests, started_at: startedAt, duration_seconds } = summary;
  const times = { startedAt, durationMs: duration_seconds * 1000 };
  // Of a finished run the summary tells; its journal is needed for a retry, which says what is wrong with it.
  const record = await readRunRecord(paths.journal).catch(() => undefined);
  const sourceFile = record && sourceFileOf(record);
  const sums = { ...customers, records, requests };
  return { stamp: paths.stamp, state: 'finished', ...sums, ...times, problem: null, sourceFile, paths };
}

/** Of a list that came on standard input or from a pipe the journal names the copy. */
const sourceFileOf = ({ source, settings }: Pick<RunRecord, 'source' | 'settings'>): string | undefined =>
  [source.path, '-'].find((path) => hadValue(settings, 'source_file', path));

function unfinishedFacts({ paths }: KnownRun, state: RunState, recovered: Recovered, now: Date): RunFacts {
  const { run, ok, failed, totals, end } = recovered;
  const last = state === 'running' ? now.getTime() : statSync(paths.journal).mtimeMs;
  return {
    stamp: paths.stamp,
    state,
    startedAt: run.started_at,
    total: end?.rows ?? null,
    ok: ok.size,
    failed: failed.size,
    records: totals.records,
    requests: totals.requests,
    durationMs: Math.max(0, Math.round(last - Date.parse(run.started_at))),
    problem: recovered.spoiled ?? null,
    sourceFile: sourceFileOf(run),
    paths,
  };
}
