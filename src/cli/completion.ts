import type { Options } from 'yargs';
import { FAILURE_KINDS } from '../channel/protocol.ts';
import { settingsJsonSchema } from '../config/json-schema.ts';
import { factsOf, flagOf, SETTING_NAMES, type SettingName } from '../config/schema.ts';
import { COMMANDS } from './commands.ts';
import { OWN_OPTIONS } from './own-options.ts';

/** What a shell may offer for the word that is being typed. */
export type Completion =
  | { is: 'words'; words: Candidate[] }
  | { is: 'file' }
  | { is: 'directory' }
  /** The stamps of those runs that this command is for. */
  | { is: 'stamps'; command: string };

export interface Candidate {
  word: string;
  /** What it means, in a few words; may be empty. */
  about: string;
}

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const NOTHING: Completion = { is: 'words', words: [] };

/**
 * What may stand in the place of the last of these words, which may be empty; they are a command line without the
 * program's name. Which of it begins as the word does, is for `matching` to say.
 */
export function completionFor(words: readonly string[]): Completion {
  // bash makes three words of `--log-level=info`.
  const given = words.slice(0, -1).filter((word) => word !== '=');
  const current = words.at(-1) ?? '';
  const commandAt = given.findIndex((word) => !word.startsWith('-'));
  const command = given[commandAt];
  if (command === undefined) return { is: 'words', words: current.startsWith('-') ? ALWAYS : commandCandidates() };
  const last = given.at(-1) ?? '';
  const flags = flagsOf(command);
  const awaiting = flags.find(({ word, value }) => word === last && value !== undefined);
  if (awaiting?.value !== undefined) return awaiting.value;
  const assigned = flags.find(({ word }) => current.startsWith(`${word}=`));
  if (assigned !== undefined) return assignedTo(assigned);
  if (current.startsWith('-')) return { is: 'words', words: [...flags, ...ALWAYS] };
  return positionalsIn(given.slice(commandAt + 1), flags) === 0 ? positionalOf(command) : NOTHING;
}

/** Those of the candidates that begin as the word does. */
export const matching = (candidates: readonly Candidate[], current: string): Candidate[] =>
  candidates.filter(({ word }) => word.startsWith(current));

interface Flag extends Candidate {
  /** Its value; undefined where it has none. */
  value: Completion | undefined;
}

const ALWAYS: Candidate[] = [
  { word: '--help', about: 'Show what there is' },
  { word: '--version', about: 'Show the version' },
];

const nameOf = (command: string): string => command.split(' ')[0] ?? command;

const commandCandidates = (): Candidate[] =>
  COMMANDS.map(({ command, describe }) => ({ word: nameOf(command), about: describe }));

/** To a shell that does not break a word at `=` the flag belongs to each value; a path behind it is none that it would find. */
function assignedTo({ word: flag, value }: Flag): Completion {
  if (value?.is !== 'words') return NOTHING;
  return { is: 'words', words: value.words.map(({ word, about }) => ({ word: `${flag}=${word}`, about })) };
}

/** Words that are neither flags nor their values. */
function positionalsIn(words: readonly string[], flags: readonly Flag[]): number {
  const takesValue = (word: string | undefined) => flags.some((flag) => flag.word === word && flag.value !== undefined);
  return words.filter((word, i) => !word.startsWith('-') && !takesValue(words[i - 1])).length;
}

function positionalOf(command: string): Completion {
  if (command === 'completion') return { is: 'words', words: SHELLS.map((word) => ({ word, about: '' })) };
  const hasStamp = COMMANDS.some((each) => each.command === `${command} [stamp]`);
  return hasStamp ? { is: 'stamps', command } : NOTHING;
}

/** Every flag of a command, in the order of its help. */
export function flagsOf(command: string): Flag[] {
  const own = Object.entries(OWN_OPTIONS).find(([name]) => name === command)?.[1];
  if (own === undefined) return [];
  const config: Flag = { word: '--config', about: 'The settings file', value: { is: 'file' } };
  const flags = Object.entries(own).map(([name, options]) => ownFlag(name, options));
  if (command === 'completion') return flags;
  return [...flags, config, ...(command === 'demo' ? [] : SETTING_NAMES.map(settingFlag))];
}

function ownFlag(name: string, { describe = '', type, choices = [] }: Options): Flag {
  const flag = { word: `--${name}`, about: String(describe) };
  if (type === 'boolean') return { ...flag, value: undefined };
  const words = name === 'kind' ? FAILURE_KINDS : choices.map(String);
  const isFile = name === 'write-unsettled';
  return {
    ...flag,
    value: isFile ? { is: 'file' } : { is: 'words', words: words.map((word) => ({ word, about: '' })) },
  };
}

function settingFlag(name: SettingName): Flag {
  const { kind, description: about, default: fallback } = factsOf(name);
  const word = fallback === true ? `--no-${flagOf(name).slice(2)}` : flagOf(name);
  if (kind === 'boolean') return { word, about, value: undefined };
  return { word: flagOf(name), about, value: settingValue(name) };
}

function settingValue(name: SettingName): Completion {
  const { kind, default: fallback } = factsOf(name);
  if (name === 'output_directory') return { is: 'directory' };
  if (kind === 'path' || kind === 'outputFile') return { is: 'file' };
  const words = [...enumOf(name), ...(fallback === null ? ['none'] : [])];
  return { is: 'words', words: words.map((word) => ({ word, about: '' })) };
}

/** Of the settings' JSON Schema, which is made once: somebody waits for it with a finger on TAB. */
let properties: unknown;

/** The words that a setting may be, where they are few. */
function enumOf(name: SettingName): string[] {
  properties ??= settingsJsonSchema().properties;
  const schema: unknown = Object(properties)[name];
  const words: unknown = Object(schema).enum;
  return Array.isArray(words) ? words.map(String) : [];
}
