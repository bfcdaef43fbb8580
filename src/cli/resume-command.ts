import type { CommandModule } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { resumeJob } from '../job/job.ts';
import { findRun } from '../job/runs.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, tellEnd } from './run-command.ts';
import { commandLineSurroundings, sayLine } from './surroundings.ts';

/** The run that a command is about, for every command that is about one. */
export const STAMP_OPTION = {
  type: 'string',
  describe: 'The stamp in the names of its files, such as 20260131-020000',
} as const;

/** The stamp that was given, or undefined. */
export const stampIn = ({ stamp }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof stamp === 'string' ? stamp : undefined;

/** `aggregate resume`: goes on with a run that did not end. */
export function resumeCommand(finish: (exitCode: number) => void): CommandModule {
  return {
    command: 'resume [stamp]',
    describe: 'Go on with a run that was interrupted, by default the newest one',
    builder: (yargs) =>
      yargs
        .positional('stamp', STAMP_OPTION)
        .option('config', CONFIG_OPTION)
        .options(settingOptions())
        .strict(false)
        .strictCommands(),
    handler: async (argv) => {
      const command = await settingsOf(argv, ['stamp']);
      const { settings, secrets, redact } = command;
      const run = await findRun(outputPathsOf(settings), stampIn(argv));
      if (run.summary !== undefined) {
        const { exit_code: exitCode } = run.summary;
        sayLine(redact, `nothing to do: run ${run.paths.stamp} is finished (exit code ${exitCode})`);
        finish(exitCode);
        return;
      }
      const surroundings = commandLineSurroundings(redact);
      const report = await resumeJob(settings, secrets, surroundings, run);
      surroundings.shutdown.release();
      finish(tellEnd(command, report, process.stderr.isTTY));
    },
  };
}
