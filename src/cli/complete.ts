import yargs from 'yargs';
import { flagsToSettings, settingOptions } from '../config/flags.ts';
import { type LoadedSettings, loadSettings } from '../config/load.ts';
import { KnownError } from '../errors.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { findRuns, type KnownRun } from '../job/runs.ts';
import { type Candidate, completionFor, matching } from './completion.ts';
import { UNNEEDED_BY_LOOKING } from './unneeded-settings.ts';

/**
 * What a shell's script asks for when TAB is pressed: a line a candidate, the word, a tab and what it means; or `:file` or
 * `:directory` alone, where the shell itself knows best. `words` are the command line's up to the one that is being typed.
 */
export async function complete(words: readonly string[]): Promise<string> {
  const completion = completionFor(words);
  if (completion.is === 'file' || completion.is === 'directory') return `:${completion.is}\n`;
  const candidates = completion.is === 'words' ? completion.words : await stampCandidates(completion.command, words);
  const lines = matching(candidates, words.at(-1) ?? '').map(({ word, about }) => `${word}\t${about}\n`);
  return lines.join('');
}

/** Which runs a command is for; all where it does not matter. */
const IS_FOR: Readonly<Record<string, (run: KnownRun) => boolean>> = {
  resume: ({ summary }) => summary === undefined,
  retry: ({ summary }) => summary !== undefined && summary.customers.failed > 0,
};

async function stampCandidates(command: string, words: readonly string[]): Promise<Candidate[]> {
  const isFor = IS_FOR[command] ?? (() => true);
  const runs = await runsOf(words.slice(0, -1));
  return runs.filter(isFor).map((run) => ({ word: run.paths.stamp, about: aboutRun(run) }));
}

/** The runs of the settings that the words mean so far; none where these are not right: TAB is no place to say so. */
async function runsOf(words: readonly string[]): Promise<KnownRun[]> {
  try {
    const { settings } = await settingsFor(words);
    return await findRuns(outputPathsOf(settings));
  } catch (error) {
    if (error instanceof KnownError) return [];
    throw error;
  }
}

async function settingsFor(words: readonly string[]): Promise<LoadedSettings> {
  const argv = await yargs(words)
    .options({ ...settingOptions(), config: { type: 'string' } })
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(() => {})
    .parseAsync();
  const cwd = process.cwd();
  const named = argv.config === undefined ? {} : { configPath: argv.config };
  const request = { flags: flagsToSettings(argv), env: process.env, cwd, unneeded: UNNEEDED_BY_LOOKING };
  return await loadSettings({ ...request, ...named });
}

function aboutRun({ summary }: KnownRun): string {
  if (summary === undefined) return 'not finished';
  const { ok, failed } = summary.customers;
  return failed === 0 ? `${ok} customers` : `${ok} customers, ${failed} failed`;
}
