import { lstat, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutputError, UsageError } from '../errors.ts';
import { OutputFile, syncDirectoryOf } from './output-file.ts';
import { stampedPath, stampOf } from './stamp.ts';

/** Where the files of a run go; all paths absolute. */
export interface OutputPaths {
  results: string;
  /** What is put behind the name of the results; empty where they are not packed. */
  resultsSuffix: string;
  log: string;
  failed: string;
  directory: string;
}

/** The files of one run, each with the stamp in its name. */
export interface RunPaths {
  stamp: string;
  results: string;
  log: string;
  failed: string;
  exceptions: string;
  journal: string;
  summary: string;
  /** What the run measured of itself. */
  samples: string;
  /** The page for people, where one was made. */
  report: string;
  /** The copy of a list that came on standard input. */
  source: string;
}

export interface Claim {
  paths: RunPaths;
  journal: OutputFile;
  results: OutputFile;
  log: OutputFile;
}

/** Starts in one second that all find the stamp taken move on, each by a second; beyond this something else is wrong. */
const MAX_SECONDS_AHEAD = 600;

/** The names of a run's files. A log that is a device (`/dev/stderr`) is written as it stands, without a stamp. */
export function runPathsOf(paths: OutputPaths, stamp: string, logIsDevice = false): RunPaths {
  const beside = (name: string) => join(paths.directory, stampedPath(name, stamp));
  return {
    stamp,
    results: resultsPathOf(paths, stamp),
    log: logIsDevice ? paths.log : stampedPath(paths.log, stamp),
    failed: stampedPath(paths.failed, stamp),
    exceptions: beside('exceptions.ndjson'),
    journal: beside('journal.ndjson'),
    summary: beside('summary.json'),
    samples: beside('samples.ndjson'),
    report: beside('report.html'),
    source: beside('source.csv'),
  };
}

/** A suffix that the path has already is not doubled: `results.csv.gz` → `results-20260131-235959.csv.gz`. */
function resultsPathOf({ results, resultsSuffix: suffix }: OutputPaths, stamp: string): string {
  const bare = results.endsWith(suffix) ? results.slice(0, results.length - suffix.length) : results;
  return `${stampedPath(bare, stamp)}${suffix}`;
}

/**
 * Creates journal, results and log under the first free stamp from `start` on; the journal is the claim. Throws a
 * UsageError where a directory is missing or cannot be written to: nothing was requested yet. A missing directory is not
 * made: on a server it is more often a disk that is not mounted than a wish for a new one.
 */
export async function claimFiles(paths: OutputPaths, start: Date): Promise<Claim> {
  await expectDirectories(paths);
  try {
    const logIsDevice = await isDevice(paths.log);
    for (let ahead = 0; ahead <= MAX_SECONDS_AHEAD; ahead += 1) {
      const stamp = stampOf(new Date(start.getTime() + ahead * 1000));
      const claim = await tryClaim(runPathsOf(paths, stamp, logIsDevice), logIsDevice);
      if (claim !== undefined) return claim;
    }
  } catch (error) {
    throw new UsageError(`the output files cannot be created: ${messageOf(error)}`, { cause: error });
  }
  throw new UsageError(`no free name for ${paths.results} in the next ${MAX_SECONDS_AHEAD} seconds: all are taken`);
}

/** Throws a UsageError where a directory that will hold a file is not there. */
export async function expectDirectories({ directory, results, log, failed }: OutputPaths): Promise<void> {
  for (const path of new Set([directory, dirname(results), dirname(log), dirname(failed)])) await expectDirectory(path);
}

async function expectDirectory(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT')
      throw new UsageError(`the output directory ${path} does not exist: create it first`);
    throw new UsageError(`the output directory ${path} cannot be used: ${messageOf(error)}`, { cause: error });
  });
  if (!found.isDirectory()) throw new UsageError(`the output directory ${path} is not a directory`);
}

async function tryClaim(paths: RunPaths, logIsDevice: boolean): Promise<Claim | undefined> {
  const { stamp: _, ...files } = paths;
  for (const [name, path] of Object.entries(files)) {
    if (!(name === 'log' && logIsDevice) && (await isTaken(path))) return undefined;
  }
  const created: OutputFile[] = [];
  const create = async (path: string): Promise<OutputFile> => {
    const file = await OutputFile.create(path);
    created.push(file);
    return file;
  };
  try {
    const journal = await create(paths.journal);
    const results = await create(paths.results);
    const log = logIsDevice ? await OutputFile.openDevice(paths.log) : await create(paths.log);
    for (const { path } of created) await syncDirectoryOf(path);
    return { paths, journal, results, log };
  } catch (error) {
    for (const file of created.reverse()) await remove(file);
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** What was created for a stamp that is given up. */
async function remove(file: OutputFile): Promise<void> {
  await file.close();
  await unlink(file.path);
}

/** `lstat`, so that a link that points nowhere counts as taken too. */
async function isTaken(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Whether a path is a device or a pipe, which is written as it stands, without a stamp. */
export async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // What is wrong with it shows when it is opened.
  return found !== undefined && (found.isCharacterDevice() || found.isFIFO());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function codeOf(error: unknown): unknown {
  const cause = error instanceof OutputError ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
