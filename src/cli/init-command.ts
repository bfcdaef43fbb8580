import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { escapeLine } from '../channel/escape.ts';
import { flagsToSettings, settingOptions, unknownFlags } from '../config/flags.ts';
import { loadSettings } from '../config/load.ts';
import { SEARCH_PLACES } from '../config/settings-file.ts';
import { KnownError, UsageError } from '../errors.ts';
import { checkJob } from '../job/check.ts';
import { withTerminal } from '../setup/ask-terminal.ts';
import { type Ask, askForSettings } from '../setup/questions.ts';
import { settingsText } from '../setup/settings-text.ts';
import { openList } from '../source/open-list.ts';
import type { Builder, Handler } from './commands.ts';
import { loadCommandSettings } from './load-request.ts';
import { commandLine } from './next-commands.ts';

/** `aggregate init`: makes a settings file from flags and answers, and tries it on one customer. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .option('config', {
      type: 'string',
      requiresArg: true,
      describe: 'The settings file to write; by default aggregate.config.json in the working directory',
    })
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => {
  const path = resolve(typeof argv.config === 'string' ? argv.config : (SEARCH_PLACES[0] ?? ''));
  expectNone(path);
  const given = { ...flagsToSettings(argv), ...unknownFlags(argv, ['config']) };
  const flags = isEnough(given) || !process.stdin.isTTY ? given : await withTerminal((ask) => asked(ask, given));
  const { settings } = await loadSettings({
    flags,
    ownFlags: ['config'],
    env: {},
    cwd: process.cwd(),
    searchFile: false,
  });
  await writeNewFile(path, settingsText(settings, flags, path));
  process.stdout.write(`Written: ${path}\n\n`);
  return await tryOut(path);
};

const isEnough = ({ source_file, url }: Readonly<Record<string, unknown>>): boolean =>
  source_file !== undefined && url !== undefined;

const asked = (ask: Ask, given: Record<string, unknown>): Promise<Record<string, unknown>> =>
  askForSettings({ ask, say: (line) => process.stderr.write(`${escapeLine(line)}\n`), columnsOf, isDirectory }, given);

const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The names of a list's columns, or why it cannot be read. */
async function columnsOf(path: string): Promise<readonly string[] | string> {
  try {
    const list = await openList({ path: resolve(path), hasHeader: true, column: 1, placeholders: [] });
    await list.close();
    return list.header ?? [];
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}

/** Settings that somebody made are never overwritten. */
function expectNone(path: string): void {
  if (existsSync(path)) throw new UsageError(`${path} is there already: it is left as it is (--config names another)`);
}

async function writeNewFile(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} cannot be written: ${what}`, { cause: error });
  });
}

/** What the file is worth shows when it is read as a run reads it. */
async function tryOut(path: string): Promise<number> {
  const again = commandLine(['aggregate', 'check', '--config', path]);
  try {
    const { settings, connection, redact, learnSecret } = await loadCommandSettings({ flags: {}, configPath: path });
    const say = (line: string) => process.stdout.write(`${escapeLine(redact(line))}\n`);
    const isWell = await checkJob(settings, { connection, learnSecret, stdin: process.stdin }, say);
    say('');
    say(isWell ? 'All is well.' : `Change what is not right in the file, and try it:  ${again}`);
    if (isWell) {
      say(`  the job:     ${commandLine(['aggregate', 'run', '--config', path])}`);
      say(`  each night:  ${commandLine(['aggregate', 'schedule', '--at', '02:00', '--config', path])}`);
    }
    return isWell ? 0 : 2;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    throw new UsageError(`${error.message}\nthe file is written; change it, or what it needs, and try it:  ${again}`);
  }
}
