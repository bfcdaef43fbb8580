import type { Argv } from 'yargs';
import { escapeLine } from '../channel/escape.ts';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { currentHolder, runStates } from '../job/run-state.ts';
import { findNewestRun } from '../job/runs.ts';
import { writeReport } from '../report/write-report.ts';
import type { Builder, Handler } from './commands.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, STAMP_OPTION, stampIn } from './options.ts';
import { UNNEEDED_BY_LOOKING } from './unneeded-settings.ts';

/** `aggregate report`: writes the page about a run, and says where it is. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .positional('stamp', STAMP_OPTION)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => {
  const { settings, redact } = await settingsOf(argv, { positionals: ['stamp'] }, UNNEEDED_BY_LOOKING);
  const run = await findNewestRun(outputPathsOf(settings), stampIn(argv));
  const state = runStates([run], await currentHolder(settings)).get(run) ?? 'interrupted';
  await writeReport(run, state);
  process.stdout.write(`${escapeLine(redact(run.paths.report))}\n`);
  return 0;
};
