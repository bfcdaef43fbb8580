import type { Argv } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { runJob } from '../job/job.ts';
import type { RunReport } from '../job/surroundings.ts';
import type { Builder, Handler } from './commands.ts';
import { type CommandSettings, settingsOf } from './load-request.ts';
import { againCommand, resumeCommandLine } from './next-commands.ts';
import { CONFIG_OPTION } from './options.ts';
import { commandLineSurroundings, leaveSoon } from './surroundings.ts';
import { tellReport } from './tell-report.ts';

/** `aggregate run`: the main job. */
export const builder: Builder = (yargs: Argv) =>
  yargs.option('config', CONFIG_OPTION).options(settingOptions()).strict(false).strictCommands();

export const handler: Handler = async (argv) => await runWith(await settingsOf(argv));

/** Runs the job, tells a person what became of it where that is worth it, and gives the exit code. */
export async function runWith(command: CommandSettings, { isTalkative = process.stderr.isTTY } = {}): Promise<number> {
  const { settings, secrets } = command;
  const surroundings = commandLineSurroundings(command);
  try {
    return tellEnd(command, await runJob(settings, secrets, surroundings), isTalkative);
  } finally {
    surroundings.shutdown.release();
  }
}

/** Tells a person what became of a run, on standard error, where that is worth it; gives the exit code. */
export function tellEnd(command: CommandSettings, report: RunReport, isTalkative: boolean): number {
  const account = tellReport(report, isTalkative, {
    again: (failedFile) => againCommand(command, failedFile),
    resume: (stamp) => resumeCommandLine(command, stamp),
  });
  if (report.ending.is === 'interrupted') leaveSoon(report.ending.signal);
  if (account !== undefined) process.stderr.write(`${command.redact(account)}\n`);
  return report.exitCode;
}
