import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { readRunRecord } from '../journal/read-journal.ts';
import { isDevice, type OutputPaths, type RunPaths, runPathsOf } from '../output/claim-files.ts';
import { timeOfStamp } from '../output/stamp.ts';
import { type ReadSummary, readSummary } from './read-summary.ts';

/** A run of which there are files. */
export interface KnownRun {
  paths: RunPaths;
  /** Undefined where the run is not finished: a summary that is damaged counts as none, and a resume writes it anew. */
  summary: ReadSummary | undefined;
}

const JOURNAL = /^journal-(\d{8}-\d{6})\.ndjson$/;

/** The runs of these outputs, newest first: a journal in the output directory, and results where these settings have them. */
export async function findRuns(outputs: OutputPaths): Promise<KnownRun[]> {
  const logIsDevice = await isDevice(outputs.log);
  const runs: KnownRun[] = [];
  for (const stamp of await stampsIn(outputs)) {
    const paths = runPathsOf(outputs, stamp, logIsDevice);
    if (existsSync(paths.results)) runs.push({ paths, summary: await summaryIn(paths) });
  }
  return runs;
}

/**
 * The stamps of all journals in the output directory, the newest first: by when they were started, since stamps are in local
 * time, and an hour of it comes twice a year.
 */
export async function stampsIn(outputs: OutputPaths): Promise<string[]> {
  const names = await readdir(outputs.directory).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the output directory ${outputs.directory} cannot be read: ${what}`, { cause: error });
  });
  const found: { stamp: string; startedMs: number }[] = [];
  for (const name of names) {
    const stamp = JOURNAL.exec(name)?.[1];
    if (stamp !== undefined) found.push({ stamp, startedMs: await startOf(join(outputs.directory, name), stamp) });
  }
  found.sort((a, b) => b.startedMs - a.startedMs || b.stamp.localeCompare(a.stamp));
  return found.map(({ stamp }) => stamp);
}

/** When a run was started, in milliseconds since the epoch; by its stamp where its journal does not say. */
async function startOf(journal: string, stamp: string): Promise<number> {
  const record = await readRunRecord(journal).catch(() => undefined);
  const startedMs = Date.parse(record?.started_at ?? '');
  return Number.isNaN(startedMs) ? timeOfStamp(stamp) : startedMs;
}

/** The run with this stamp; without one, the newest that is not finished, or where all are, the newest. */
export async function findRun(outputs: OutputPaths, stamp: string | undefined): Promise<KnownRun> {
  return await find(outputs, stamp, (runs) => {
    const begun = runs.filter(hasBegun);
    return begun.find(({ summary }) => summary === undefined) ?? begun[0];
  });
}

/** False for a run that was killed before its journal had anything: there is nothing to go on from, and nothing to lose. */
export const hasBegun = ({ paths }: KnownRun): boolean =>
  statSync(paths.results).size > 0 || (statSync(paths.journal, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** The run with this stamp; without one, the newest that has begun, or where none has, the newest. */
export async function findNewestRun(outputs: OutputPaths, stamp: string | undefined): Promise<KnownRun> {
  return await find(outputs, stamp, (runs) => runs.find(hasBegun) ?? runs[0]);
}

async function find(
  outputs: OutputPaths,
  stamp: string | undefined,
  choose: (runs: readonly KnownRun[]) => KnownRun | undefined,
): Promise<KnownRun> {
  const runs = await findRuns(outputs);
  const found = stamp === undefined ? choose(runs) : runs.find(({ paths }) => paths.stamp === stamp);
  if (found !== undefined) return found;
  throw new UsageError(await tellNone(outputs, stamp));
}

/** Why there is no such run: where a journal is all that is left of one, somebody should know. */
async function tellNone(outputs: OutputPaths, stamp: string | undefined): Promise<string> {
  const which = stamp === undefined ? 'no run' : `no run ${stamp}`;
  const none = `there is ${which} of these settings in ${outputs.directory}`;
  const left = (await stampsIn(outputs)).find((each) => stamp === undefined || each === stamp);
  if (left === undefined) {
    const orphan = await resultsWithoutJournal(outputs, stamp);
    if (orphan === undefined) return none;
    return `${none}: ${orphan} is there, but its journal is not, without which nobody can say which rows are whole`;
  }
  const { journal, results } = runPathsOf(outputs, left, await isDevice(outputs.log));
  return `${none}: ${journal} is there, but ${results} is not (gone, or the run had other settings)`;
}

const STAMP = /\d{8}-\d{6}/;

/** The newest results of a run that has no journal, or those with this stamp. */
async function resultsWithoutJournal(outputs: OutputPaths, stamp: string | undefined): Promise<string | undefined> {
  const names = await readdir(dirname(outputs.results)).catch(() => []); // A directory that is not there has none.
  const stamps = names.flatMap((name) => STAMP.exec(name)?.[0] ?? []).sort();
  const paths = stamps.filter((each) => stamp === undefined || each === stamp).map((each) => runPathsOf(outputs, each));
  return paths.map(({ results }) => results).findLast((path) => existsSync(path));
}

async function summaryIn({ summary }: RunPaths): Promise<ReadSummary | undefined> {
  const found = await readSummary(summary);
  return found === 'damaged' ? undefined : found;
}
