import { factsOf, flagOf, SETTING_NAMES, type Settings } from '../config/schema.ts';

/** What the commands that go on are made from: the settings, which of them were flags, and the settings file. */
export interface CommandFacts {
  settings: Settings;
  /** The flags as they were given. */
  flags: Readonly<Record<string, unknown>>;
  configFile: string | undefined;
}

/** Starts a run with the same settings, whatever became of the ones before. */
export const startCommandLine = (facts: CommandFacts): string =>
  commandLine(['aggregate', 'run', ...sameSettings(facts)]);

/** Takes a run up again. */
export const resumeCommandLine = (facts: CommandFacts, stamp: string): string =>
  commandLine(['aggregate', 'resume', stamp, ...sameSettings(facts)]);

/** Asks again for the failed customers of a finished run. */
export const retryCommandLine = (facts: CommandFacts, stamp: string): string =>
  commandLine(['aggregate', 'retry', stamp, ...sameSettings(facts)]);

/** The same settings as flags, from any working directory; what may hold a secret is left to the reader. */
export function sameSettings({ settings, flags, configFile }: CommandFacts): string[] {
  const words = configFile === undefined ? [] : ['--config', configFile];
  for (const name of SETTING_NAMES) {
    if (flags[name] === undefined) continue;
    const { kind, isPrivate } = factsOf(name);
    if (isPrivate) words.push(flagOf(name), '…');
    else if (settings[name] === null) words.push(flagOf(name), 'none');
    else if (kind === 'path' || kind === 'outputFile') words.push(flagOf(name), String(settings[name]));
    else if (kind === 'command') words.push(flagOf(name), commandText(settings[name]));
    else if (kind === 'boolean') words.push(`${flagOf(name)}=${settings[name]}`);
    else words.push(flagOf(name), String(flags[name]));
  }
  return words;
}

const commandText = (command: unknown): string =>
  typeof command === 'string' ? command : command === null ? 'none' : JSON.stringify(command);

/** Words as a shell takes them (POSIX): quoted where it would do something with them. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
