import type { Argv } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { resumeJob } from '../job/job.ts';
import { expectUnfinished } from '../job/nothing-to-do.ts';
import { findRun } from '../job/runs.ts';
import type { Builder, Handler } from './commands.ts';
import { tellResumed } from './do-run.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, STAMP_OPTION, stampIn } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';
import { commandLineSurroundings } from './surroundings.ts';

/** `aggregate resume`: goes on with a run that did not end. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .positional('stamp', STAMP_OPTION)
    .options(OWN_OPTIONS.resume)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => {
  const command = await settingsOf(argv, { flags: Object.keys(OWN_OPTIONS.resume), positionals: ['stamp'] });
  const isVerbose = argv.verbose === true;
  const { settings, secrets } = command;
  const run = await findRun(outputPathsOf(settings), stampIn(argv));
  await expectUnfinished(run.paths);
  const surroundings = commandLineSurroundings(command, isVerbose);
  const report = await resumeJob(settings, secrets, surroundings, run);
  surroundings.shutdown.release();
  return tellResumed(command, report, process.stderr.isTTY || isVerbose);
};
