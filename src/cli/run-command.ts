import type { CommandModule } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { runJob } from '../job/job.ts';
import type { RunReport } from '../job/surroundings.ts';
import { type CommandSettings, settingsOf } from './load-request.ts';
import { againCommand, resumeCommandLine } from './next-commands.ts';
import { commandLineSurroundings, leaveSoon } from './surroundings.ts';
import { tellReport } from './tell-report.ts';

/** The flag that names the settings file, for every command that has settings. */
export const CONFIG_OPTION = {
  type: 'string',
  requiresArg: true,
  describe: 'The settings file; else aggregate.config.json of the working directory, where there is one',
} as const;

/** `aggregate run`: the main job. */
export function runCommand(finish: (exitCode: number) => void): CommandModule {
  return {
    command: 'run',
    describe: 'Ask for every customer of the list, and write what comes',
    builder: (yargs) => yargs.option('config', CONFIG_OPTION).options(settingOptions()).strict(false).strictCommands(),
    handler: async (argv) => finish(await runWith(await settingsOf(argv))),
  };
}

/** Runs the job, tells a person what became of it where that is worth it, and gives the exit code. */
export async function runWith(command: CommandSettings, { isTalkative = process.stderr.isTTY } = {}): Promise<number> {
  const { settings, secrets, redact } = command;
  const surroundings = commandLineSurroundings(redact);
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
