import type { CommandModule } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { resumeJob } from '../job/job.ts';
import { findRun } from '../job/runs.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, tellEnd } from './run-command.ts';
import { commandLineSurroundings, sayLine } from './surroundings.ts';

/** `aggregate resume`: goes on with a run that did not end. */
export function resumeCommand(finish: (exitCode: number) => void): CommandModule {
  return {
    command: 'resume [stamp]',
    describe: 'Go on with a run that was interrupted, by default the newest one',
    builder: (yargs) =>
      yargs
        .positional('stamp', {
          type: 'string',
          describe: 'The stamp in the names of its files, such as 20260131-020000',
        })
        .option('config', CONFIG_OPTION)
        .options(settingOptions()),
    handler: async (argv) => {
      const command = await settingsOf(argv);
      const { settings, secrets, redact } = command;
      const run = await findRun(outputPathsOf(settings), typeof argv.stamp === 'string' ? argv.stamp : undefined);
      if (run.exitCode !== undefined) {
        sayLine(redact, `nothing to do: run ${run.paths.stamp} is finished (exit code ${run.exitCode})`);
        finish(run.exitCode);
        return;
      }
      const surroundings = commandLineSurroundings(redact);
      const report = await resumeJob(settings, secrets, surroundings, run);
      surroundings.shutdown.release();
      finish(tellEnd(command, report, process.stderr.isTTY));
    },
  };
}
