import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Argv } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { UsageError } from '../errors.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { expectDirectories } from '../output/claim-files.ts';
import { STOP_LIMIT_MS } from '../pool/stop-limit.ts';
import { crontab } from '../schedule/crontab.ts';
import { hintsFor, variablesIn } from '../schedule/hints.ts';
import type { ScheduledJob } from '../schedule/scheduled-job.ts';
import { systemdService, systemdTimer } from '../schedule/systemd.ts';
import { windowsTask } from '../schedule/windows-task.ts';
import type { Builder, Handler } from './commands.ts';
import { type CommandSettings, settingsOf } from './load-request.ts';
import { sameSettings } from './next-commands.ts';
import { CONFIG_OPTION } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';
import { sayLine } from './say-line.ts';
import { UNNEEDED_BY_LOOKING } from './unneeded-settings.ts';

/** `aggregate schedule`: what to install so that a scheduler runs the job; it installs nothing itself. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .options(OWN_OPTIONS.schedule)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

const PRINTERS: Readonly<Record<string, (job: ScheduledJob) => string>> = {
  crontab,
  service: systemdService,
  timer: systemdTimer,
  windows: windowsTask,
};

export const handler: Handler = async (argv) => {
  const command = await settingsOf(argv, { flags: Object.keys(OWN_OPTIONS.schedule) }, UNNEEDED_BY_LOOKING);
  const job = await scheduledJob(command, argv);
  const { node, script } = programHere();
  for (const hint of await hintsFor(command, { node, script })) sayLine(command.redact, hint);
  const kinds = typeof argv.for === 'string' ? [argv.for] : usualKinds();
  process.stdout.write(kinds.map((kind) => PRINTERS[kind]?.(job)).join('\n'));
  return 0;
};

const usualKinds = (): string[] => (process.platform === 'win32' ? ['windows'] : ['crontab', 'service', 'timer']);

/** A scheduler's search path is not a person's, so that neither is looked for by name. */
function programHere(): { node: string; script: string } {
  const [, script = ''] = process.argv;
  return { node: process.execPath, script };
}

async function scheduledJob(command: CommandSettings, argv: Readonly<Record<string, unknown>>): Promise<ScheduledJob> {
  const { settings, configFile } = command;
  if (settings.source_file === '-') throw new UsageError('source_file: a scheduler gives no standard input');
  await expectDirectories(outputPathsOf(settings));
  const { node, script } = programHere();
  const stops = settings.stop_at !== null || settings.max_duration !== null;
  const restarts = argv.restart === true;
  const goesOn = stops || restarts;
  const words = [node, script, 'run', ...(goesOn ? ['--resume-or-start'] : []), ...openFlags(command)];
  const directory = configFile === undefined ? settings.output_directory : dirname(configFile);
  const user = typeof argv.user === 'string' ? argv.user : userInfo().username;
  expectOneLine([...words, directory, user]);
  return {
    ...timeOf(argv.at),
    name: nameOf(argv.name),
    ...{ words, directory, user, goesOn },
    variables: await variablesIn(configFile),
    // Where a run stops itself at its time, it is to go on at the next one.
    restartOn: restarts ? [...(stops ? [] : [3]), 75] : [],
    stopSeconds: stopSeconds(command),
    catchesUp: settings.stop_at === null,
  };
}

/** What is in flight, then what is told at the end, then some time for a slow disk. */
function stopSeconds({ settings, leftOut }: CommandSettings): number {
  const { on_finish, on_finish_timeout_seconds: finishSeconds, ping_url } = settings;
  const isPinging = ping_url !== null || leftOut.has('ping_url');
  const tellSeconds = Math.max(on_finish === null ? 0 : finishSeconds, isPinging ? 5 : 0);
  return Math.ceil(STOP_LIMIT_MS / 1000 + tellSeconds + 15);
}

/** A line break in a word would be a line of its own for the scheduler. */
function expectOneLine(texts: readonly string[]): void {
  const broken = texts.find((text) => /[\u0000-\u001f\u007f]/.test(text));
  if (broken !== undefined) {
    throw new UsageError(`schedule: expected no control characters in paths and flags, got ${JSON.stringify(broken)}`);
  }
}

/** Whoever may read a crontab may read its flags. */
function openFlags(command: CommandSettings): string[] {
  const words = sameSettings(command);
  if (words.every((word) => word !== '…' && command.redact(word) === word)) return words;
  throw new UsageError('schedule: a secret among the flags would stand open; write it into the settings file');
}

function timeOf(at: unknown): { hour: number; minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(String(at)) ?? [];
  if (hour === undefined) {
    throw new UsageError(`--at: expected a time of day from 00:00 to 23:59, such as 02:00, got ${JSON.stringify(at)}`);
  }
  return { hour: Number(hour), minute: Number(minute) };
}

function nameOf(name: unknown): string {
  if (/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i.test(String(name))) return String(name);
  throw new UsageError(
    `--name: expected letters and digits, with single hyphens or underscores between them, got ${JSON.stringify(name)}`,
  );
}
