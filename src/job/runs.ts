import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { UsageError } from '../errors.ts';
import { type OutputPaths, type RunPaths, runPathsOf } from '../output/claim-files.ts';

/** A run of which there are files. */
export interface KnownRun {
  paths: RunPaths;
  /** The exit code in its summary; undefined where it has none, and so is not finished. */
  exitCode: number | undefined;
}

const JOURNAL = /^journal-(\d{8}-\d{6})\.ndjson$/;

/** The runs of these outputs, newest first: a journal in the output directory, and results where these settings have them. */
export async function findRuns(outputs: OutputPaths): Promise<KnownRun[]> {
  const names = await readdir(outputs.directory).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the output directory ${outputs.directory} cannot be read: ${what}`, { cause: error });
  });
  const stamps = names.flatMap((name) => JOURNAL.exec(name)?.[1] ?? []);
  const runs: KnownRun[] = [];
  for (const stamp of stamps.sort().reverse()) {
    const paths = runPathsOf(outputs, stamp);
    if (existsSync(paths.results)) runs.push({ paths, exitCode: await exitCodeIn(paths.summary) });
  }
  return runs;
}

/** The run with this stamp; without one, the newest that is not finished, or where all are, the newest. */
export async function findRun(outputs: OutputPaths, stamp: string | undefined): Promise<KnownRun> {
  const runs = await findRuns(outputs);
  const found =
    stamp === undefined
      ? (runs.find(({ exitCode }) => exitCode === undefined) ?? runs[0])
      : runs.find(({ paths }) => paths.stamp === stamp);
  if (found !== undefined) return found;
  const which = stamp === undefined ? 'no run' : `no run ${stamp}`;
  throw new UsageError(`there is ${which} of these settings in ${outputs.directory}`);
}

async function exitCodeIn(summary: string): Promise<number | undefined> {
  if (!existsSync(summary)) return undefined;
  const parsed: unknown = JSON.parse(await readFile(summary, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'exit_code' in parsed ? Number(parsed.exit_code) : undefined;
}
