import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import type { StopSignal } from '../job/exit-code.ts';
import { resumeJob, resumeOrRunJob, retryJob, runJob } from '../job/job.ts';
import type { SettingsSource } from '../job/live-settings.ts';
import { findRun, type KnownRun } from '../job/runs.ts';
import { Shutdown } from '../job/shutdown.ts';
import type { JobSurroundings, RunReport } from '../job/surroundings.ts';
import { NO_PROGRESS } from '../progress/terminal-progress.ts';

/** A job of the test's own process, whose children are of `fixtures/children` and ask nobody. */
export interface JobInProcess {
  settings: Settings;
  run(): Promise<RunReport>;
  /** Takes up the newest run, or one that was found before. */
  resume(known?: KnownRun): Promise<RunReport>;
  retry(known: KnownRun): Promise<RunReport>;
  /** Takes up an unfinished run, which `onGoingOn` is told, or starts a new one. */
  resumeOrRun(onGoingOn: (stamp: string) => void): Promise<RunReport>;
  /** The run with this stamp; without one, the newest. */
  find(stamp?: string): Promise<KnownRun>;
  /** A signal to the start that is under way. */
  signal(signal: StopSignal): void;
  /** Called when a start has its files, before it reads its list. */
  onBegun: () => void;
  /** Called when a start has done its work, right before it closes its files. */
  onWorkDone: () => void;
  /** Where the settings of its starts can be read again. */
  settingsSource: SettingsSource | undefined;
}

/** `child` is the name of the children's file; `flags` are settings beside list, URL and output directory. */
export async function jobInProcess(
  folder: string,
  list: string,
  child: string,
  flags: Record<string, unknown> = {},
): Promise<JobInProcess> {
  const given = { source_file: list, url: 'http://127.0.0.1:9/{0}', output_directory: folder, ...flags };
  const { settings, connection } = await loadSettings({ flags: given, env: {}, cwd: folder, searchFile: false });
  const signals = new EventEmitter();
  const surroundings = (): JobSurroundings => ({
    childEntry: new URL(`../../fixtures/children/${child}.ts`, import.meta.url),
    stdin: Readable.from([]),
    connection,
    warnings: [],
    redact: (text) => text,
    learnSecret: () => {},
    shutdown: new Shutdown(signals),
    settingsSource: job.settingsSource,
    begun: () => job.onBegun(),
    warn: () => {},
    showProgress: () => ({ ...NO_PROGRESS, stop: () => job.onWorkDone() }),
    now: () => new Date(),
  });
  const job: JobInProcess = {
    settings,
    run: () => runJob(settings, [], surroundings()),
    resume: async (known) => await resumeJob(settings, [], surroundings(), known ?? (await job.find())),
    retry: (known) => retryJob(settings, [], surroundings(), known, []),
    resumeOrRun: (onGoingOn) => resumeOrRunJob(settings, [], surroundings(), onGoingOn),
    find: (stamp) => findRun(outputPathsOf(settings), stamp),
    signal: (signal) => signals.emit(signal, signal),
    onBegun: () => {},
    onWorkDone: () => {},
    settingsSource: undefined,
  };
  return job;
}
