import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ChildSettings } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { createRedactor } from '../config/secrets.ts';
import { compileUrl } from '../http/url-template.ts';
import { type Lock, lockOutputs } from '../journal/lock.ts';
import { expectDirectories, type RunPaths } from '../output/claim-files.ts';
import { stampOf } from '../output/stamp.ts';
import type { Tally } from '../output/tally.ts';
import { emptyTally } from '../output/tally.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { openList } from '../source/open-list.ts';
import { spool } from '../source/spool.ts';
import { beginRun, type OpenedList, outputPathsOf } from './begin-run.ts';
import { type Ending, exitCodeFor } from './exit-code.ts';
import type { Progress } from './progress.ts';
import { Run, type RunOptions } from './run.ts';
import type { Shutdown } from './shutdown.ts';

/** What a run needs of the world around it. */
export interface JobSurroundings {
  /** The file that a child runs. */
  childEntry: URL;
  stdin: Readable;
  shutdown: Shutdown;
  /** Tells a person something at once, beside the progress line. */
  warn(message: string): void;
  /** Begins to show progress; called once, when the run begins. */
  showProgress(tally: Tally, list: CustomerList, isListRead: () => boolean): Progress;
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
  const begunAt = surroundings.now();
  let tally = emptyTally();
  let paths: RunPaths | undefined;
  let run: Run | undefined;
  let opened: OpenedList | undefined;
  let lock: Lock | undefined;
  let ending: Ending;
  try {
    lock = await lockFor(settings, begunAt);
    opened = await openSource(settings, surroundings);
    const { signal } = surroundings.shutdown;
    if (signal === undefined) {
      const start = await beginRun(settings, opened, begunAt);
      ({ tally, paths } = start);
      run = new Run(start, runOptionsOf(settings, secrets, surroundings), surroundings);
      ending = await run.toEnd();
    } else {
      ending = { is: 'interrupted', signal };
    }
  } catch (error) {
    ending = { is: 'error', error };
  } finally {
    await opened?.list.close();
    lock?.release();
  }
  const durationMs = surroundings.now().getTime() - begunAt.getTime();
  return { ending, exitCode: exitCodeFor(ending), tally, paths, durationMs, isListRead: run?.isListRead ?? false };
}

/** One run at a time on the same outputs. */
async function lockFor(settings: Settings, begunAt: Date): Promise<Lock> {
  const outputs = outputPathsOf(settings);
  await expectDirectories(outputs);
  const holder = { pid: process.pid, stamp: stampOf(begunAt), since: begunAt.toISOString() };
  return await lockOutputs([outputs.results, outputs.failed], holder);
}

/** The list; from standard input by way of a copy, so that the run can go on from it. */
async function openSource(settings: Settings, { stdin, shutdown }: JobSurroundings): Promise<OpenedList> {
  const isSpooled = settings.source_file === '-';
  if (!isSpooled)
    return { list: await openListAt(settings.source_file, settings), path: settings.source_file, isSpooled };
  const path = join(settings.output_directory, `source-${randomUUID()}.csv`);
  await spool(stdin, path, shutdown.stopSignal);
  try {
    return { list: await openListAt(path, settings), path, isSpooled };
  } catch (error) {
    await unlink(path);
    throw error;
  }
}

/** Opens the list at `path` for the columns that the settings name. */
export async function openListAt(path: string, settings: Settings): Promise<CustomerList> {
  const { source_header: hasHeader, source_column: column } = settings;
  const { placeholders } = compileUrl(settings.url);
  return await openList({ path, hasHeader, column, placeholders });
}

function runOptionsOf(settings: Settings, secrets: string[], { childEntry: entry }: JobSurroundings): RunOptions {
  const { process_count: processCount, chunk_size: chunkSize } = settings;
  return {
    pool: { entry, processCount, chunkSize, child: childSettingsOf(settings, secrets) },
    checkpointMs: settings.checkpoint_seconds * 1000,
    redact: createRedactor(secrets),
  };
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
