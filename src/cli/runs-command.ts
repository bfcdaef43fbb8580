import type { Argv } from 'yargs';
import { escapeLine } from '../channel/escape.ts';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { type RunFacts, runFacts } from '../job/run-facts.ts';
import { currentHolder, runStates } from '../job/run-state.ts';
import { findRuns } from '../job/runs.ts';
import type { Builder, Handler } from './commands.ts';
import { type CommandSettings, settingsOf } from './load-request.ts';
import { type CommandFacts, resumeCommandLine, retryCommandLine } from './next-commands.ts';
import { CONFIG_OPTION } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';
import { runJson, runTable } from './run-table.ts';
import { UNNEEDED_BY_LOOKING } from './unneeded-settings.ts';

/** `aggregate runs`: the runs in the output directory, the newest first. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .options(OWN_OPTIONS.runs)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => {
  const command = await settingsOf(argv, { flags: Object.keys(OWN_OPTIONS.runs) }, UNNEEDED_BY_LOOKING);
  const runs = await factsOfRuns(command);
  const next = (run: RunFacts) => nextCommand(command, run);
  const lines = argv.json === true ? [runJson(runs, next)] : runTable(runs, next).map(escapeLine);
  for (const line of lines) process.stdout.write(`${command.redact(line)}\n`);
  return 0;
};

async function factsOfRuns({ settings }: CommandSettings): Promise<RunFacts[]> {
  const runs = await findRuns(outputPathsOf(settings));
  if (runs.length === 0) return [];
  const states = runStates(runs, await currentHolder(settings));
  const facts: RunFacts[] = [];
  for (const [run, state] of states) facts.push(await runFacts(run, state, new Date()));
  return facts;
}

/** The command that goes on with a run; undefined where nothing is left to do, or somebody does it. */
function nextCommand(command: CommandSettings, run: RunFacts): string | undefined {
  const { state, stamp, failed, problem } = run;
  if (problem !== null || state === 'running') return undefined;
  if (state === 'interrupted') return resumeCommandLine(onListOf(run, command), stamp);
  return failed > 0 ? retryCommandLine(onListOf(run, command), stamp) : undefined;
}

/** Somebody may have fed it a list of its own: the failed file of another run. */
function onListOf({ sourceFile }: RunFacts, command: CommandSettings): CommandFacts {
  const { settings, flags } = command;
  if (sourceFile === undefined || sourceFile === settings.source_file) return command;
  const list = { source_file: sourceFile };
  return { ...command, settings: { ...settings, ...list }, flags: { ...flags, ...list } };
}
