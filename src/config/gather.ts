import { dirname } from 'node:path';
import { fromWords } from './from-words.ts';
import { misspelledName, nearestName } from './nearest-name.ts';
import { describeOrigin, type Origin } from './origin.ts';
import { escapePlaceholders } from './placeholder-text.ts';
import { interpolateAll } from './references.ts';
import { factsOf, flagOf, isSettingName, SETTING_NAMES, type SettingName, variableOf } from './schema.ts';
import type { SettingsFile } from './settings-file.ts';
import { showName } from './show-value.ts';

/** What was said about the settings, and where: `flags` by the settings' names, as `flagsToSettings` gives them. */
export interface Sources {
  flags: Readonly<Record<string, unknown>>;
  /** See `LoadRequest`. */
  ownFlags: readonly string[];
  env: NodeJS.ProcessEnv;
  file: SettingsFile | undefined;
  /** See `LoadRequest`. */
  unneeded: ReadonlySet<SettingName>;
}

export interface Given {
  value: unknown;
  origin: Origin;
}

/** What the sources give, the first that has a setting winning; values are of the right form, but not yet checked. */
export interface Gathered {
  given: ReadonlyMap<SettingName, Given>;
  /** The settings whose values could not be understood; why stands in `problems`. */
  failed: ReadonlySet<SettingName>;
  problems: readonly string[];
  /** Why settings that are not needed were left out. */
  leftOut: ReadonlyMap<SettingName, readonly string[]>;
  /** Values taken from the environment by `${NAME}`, and from files by `${file:PATH}`. */
  secrets: readonly string[];
}

/** Order: flag, environment variable, settings file. Only the file's values that win are filled from the environment. */
export function gather(sources: Sources): Gathered {
  const given = new Map<SettingName, Given>();
  const failed = new Set<SettingName>();
  const leftOut = new Map<SettingName, readonly string[]>();
  const problems = unknownNames(sources);
  const secrets: string[] = [];
  for (const name of SETTING_NAMES) {
    const winner = winnerOf(name, sources);
    if (winner === undefined) continue;
    const understood = understand(name, winner, sources.env);
    if (understood.problems.length > 0 && winner.origin.from === 'file' && sources.unneeded.has(name)) {
      leftOut.set(name, understood.problems);
      // The only one that must be there.
      if (name === 'url') given.set(name, { value: UNKNOWN_URL, origin: winner.origin });
      continue;
    }
    given.set(name, { value: understood.value, origin: winner.origin });
    secrets.push(...understood.secrets);
    problems.push(...understood.problems.map((problem) => `${name}: ${problem} (${describeOrigin(winner.origin)})`));
    if (understood.problems.length > 0) failed.add(name);
  }
  return { given, failed, problems, leftOut, secrets };
}

/** A URL that nobody asks (RFC 6761); of HTTPS, since other settings may want that. */
const UNKNOWN_URL = 'https://unknown.invalid/{0}';

function winnerOf(name: SettingName, { flags, env, file }: Sources): Given | undefined {
  if (flags[name] !== undefined) return { value: flags[name], origin: { from: 'flag', flag: flagOf(name) } };
  const variable = variableOf(name);
  if (env[variable] !== undefined) return { value: env[variable], origin: { from: 'environment', variable } };
  if (!file?.members.has(name)) return undefined;
  return { value: file.members.get(name), origin: { from: 'file', path: file.path } };
}

/** In whose texts placeholders may stand, beside the URL, where braces are percent-encoded. */
const PLACEHOLDER_SETTINGS: ReadonlySet<SettingName> = new Set<SettingName>(['headers', 'query', 'body']);

function understand(name: SettingName, { value, origin }: Given, env: NodeJS.ProcessEnv) {
  const { kind, default: fallback } = factsOf(name);
  // Arguments are for all to see: a command takes what is secret from the environment, which it inherits.
  if (origin.from === 'file' && kind === 'command') return { value, secrets: [], problems: [] };
  if (origin.from === 'file') {
    // Braces in a password are no placeholder.
    const escaped = PLACEHOLDER_SETTINGS.has(name) && { escape: escapePlaceholders };
    return interpolateAll(value, { env, directory: dirname(origin.path), ...escaped });
  }
  if (value === 'none' && fallback === null) return { value: null, secrets: [], problems: [] };
  const read = fromWords(kind, value);
  if ('value' in read) return { value: read.value, secrets: [], problems: [] };
  return { value: undefined, secrets: [], problems: [`expected ${read.expected}, got ${read.got}`] };
}

function unknownNames({ flags, ownFlags, env, file }: Sources): string[] {
  const isUnknown = (name: string) => !isSettingName(name);
  return [
    ...Object.keys(flags)
      .filter(isUnknown)
      .map((name) => unknownFlag(name, ownFlags)),
    ...Object.keys(env).flatMap((variable) => misspelledVariable(variable) ?? []),
    ...[...(file?.members.keys() ?? [])].filter(isUnknown).map((name) => unknownMember(name, file?.path ?? '')),
  ];
}

/** Settings that were given up, and what does the same or more. */
const RENAMED: ReadonlyMap<string, SettingName> = new Map([['max_retry_after_seconds', 'patience_seconds']]);

function unknownFlag(name: string, ownFlags: readonly string[]): string {
  const now = RENAMED.get(name.replaceAll('-', '_'));
  if (now !== undefined) return `--${name}: unknown flag; it is ${flagOf(now)} now`;
  const nearest = nearestName(name, [...SETTING_NAMES.map(flagOf), ...ownFlags.map((flag) => `--${flag}`)]);
  return `--${showName(name)}: unknown flag${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

function unknownMember(name: string, path: string): string {
  const now = RENAMED.get(name);
  if (now !== undefined) return `${name}: unknown setting in ${path}; it is ${now} now`;
  const nearest = nearestName(name, SETTING_NAMES);
  const advice = nearest === undefined ? '`aggregate run --help` lists the settings' : `did you mean ${nearest}?`;
  return `${showName(name)}: unknown setting in ${path}; ${advice}`;
}

/** Others may use the prefix for theirs; but what can only be a misspelt setting must not go unnoticed. */
function misspelledVariable(variable: string): string | undefined {
  const [, name] = /^AGGREGATE_(.*)$/s.exec(variable) ?? [];
  if (name === undefined || SETTING_NAMES.some((known) => variableOf(known) === variable)) return undefined;
  const now = RENAMED.get(name.toLowerCase());
  if (now !== undefined) return `${variable}: unknown environment variable; it is ${variableOf(now)} now`;
  const meant = SETTING_NAMES.find((known) => known === misspelledName(name, SETTING_NAMES));
  return meant && `${showName(variable)}: unknown environment variable; did you mean ${variableOf(meant)}?`;
}
