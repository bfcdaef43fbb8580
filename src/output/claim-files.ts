import { lstat, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutputError, UsageError } from '../errors.ts';
import { OutputFile } from './output-file.ts';
import { stampedPath, stampOf } from './stamp.ts';

/** Where the files of a run go; all paths absolute. */
export interface OutputPaths {
  results: string;
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
}

export interface Claim {
  paths: RunPaths;
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
    results: stampedPath(paths.results, stamp),
    log: logIsDevice ? paths.log : stampedPath(paths.log, stamp),
    failed: stampedPath(paths.failed, stamp),
    exceptions: beside('exceptions.ndjson'),
    journal: beside('journal.ndjson'),
    summary: beside('summary.json'),
  };
}

/**
 * Creates the results and the log under the first free stamp from `start` on; the results file is the claim. Throws a
 * UsageError where a directory is missing or cannot be written to: nothing was requested yet. A missing directory is not
 * made: on a server it is more often a disk that is not mounted than a wish for a new one.
 */
export async function claimFiles(paths: OutputPaths, start: Date): Promise<Claim> {
  for (const path of [paths.directory, ...[paths.results, paths.log, paths.failed].map(dirname)]) {
    await expectDirectory(path);
  }
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
  const results = await createUnlessTaken(paths.results);
  if (results === undefined) return undefined;
  try {
    const log = logIsDevice ? await OutputFile.openDevice(paths.log) : await createUnlessTaken(paths.log);
    if (log !== undefined) return { paths, results, log };
  } catch (error) {
    await giveUp(results);
    throw error;
  }
  await giveUp(results);
  return undefined;
}

async function giveUp(results: OutputFile): Promise<void> {
  await results.close();
  await unlink(results.path);
}

async function createUnlessTaken(path: string): Promise<OutputFile | undefined> {
  return await OutputFile.create(path).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  });
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

async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // What is wrong with it shows when it is opened.
  return found !== undefined && (found.isCharacterDevice() || found.isFIFO());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function codeOf(error: unknown): unknown {
  const cause = error instanceof OutputError ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
