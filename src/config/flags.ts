import type { Options } from 'yargs';
import { factsOf, flagOf, SETTING_NAMES, type SettingName } from './schema.ts';

/**
 * The options of yargs for all settings: `--source-file` in the help, `--source_file` accepted as well. Values stay the
 * texts that were typed; `loadSettings` turns them into numbers, so that junk is named instead of becoming NaN. yargs lays
 * out the help of every command that it does, whether anybody asks for it: with all settings in it that takes a sixth of
 * the time that a short run takes, so they are shown only where it is asked for.
 */
export function settingOptions(isHelp: boolean = wantsHelp(process.argv)): Record<string, Options> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const [key = name, ...others] = keysOf(name);
      const hidden: Options = { ...valueOptions(name), hidden: true };
      const shown = isHelp ? { ...valueOptions(name), ...helpOptions(name) } : hidden;
      return [[key, shown], ...others.map((other) => [other, hidden])];
    }),
  );
}

/** `help` as the last word is `--help` to yargs. */
const wantsHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('help');

/**
 * The settings that were given as flags, for `loadSettings`: a text (a boolean for a flag without one), or a list of them
 * where a flag was repeated.
 */
export function flagsToSettings(argv: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const values = keysOf(name).flatMap((key) => argv[key] ?? []);
    if (values.length > 0) given[name] = values.length === 1 ? values[0] : values;
  }
  return given;
}

/** What yargs itself puts beside the flags. */
const NO_FLAGS = ['_', '$0', 'help', 'version'];

/** The flags that are nobody's, in their own spelling, each once: yargs names a flag in camel case, too. */
export function unknownFlags(
  argv: Readonly<Record<string, unknown>>,
  ownFlags: readonly string[],
): Record<string, unknown> {
  const known = new Set(
    [...NO_FLAGS, ...ownFlags, ...SETTING_NAMES.flatMap(keysOf)].flatMap((key) => [key, camelCase(key)]),
  );
  const unknown = Object.entries(argv).filter(([key]) => !known.has(key));
  const spelled = new Set(
    unknown
      .map(([key]) => key)
      .filter((key) => key.includes('-'))
      .map(camelCase),
  );
  return Object.fromEntries(unknown.filter(([key]) => key.includes('-') || !spelled.has(key)));
}

const camelCase = (key: string): string => key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The names under which yargs knows a setting's flag, the one shown first. */
function keysOf(name: SettingName): string[] {
  return [...new Set([flagOf(name).slice(2), name.replaceAll('_', '-'), name])];
}

/** Without a type yargs takes `--source-header`, `--no-source-header` and `=false`, and does not turn `=yes` into false. */
function valueOptions(name: SettingName): Options {
  // `nargs` makes a lone `-` a value, and a flag without one an error that names it.
  return factsOf(name).kind === 'boolean' ? {} : { type: 'string', nargs: 1, requiresArg: true };
}

function helpOptions(name: SettingName): Options {
  const { description, default: fallback, defaultWords } = factsOf(name);
  const words = defaultWords ?? defaultInHelp(fallback);
  const form = formInHelp(name);
  return {
    group: 'Settings',
    describe: plain(form === undefined ? description : `${description} (${form})`),
    ...(words === undefined ? {} : { defaultDescription: plain(words) }),
  };
}

const plain = (markdown: string): string => markdown.replaceAll('`', '');

/** How the flag is written, where its description does not say it. */
function formInHelp(name: SettingName): string | undefined {
  const { kind, range, metavar, default: fallback } = factsOf(name);
  if (range !== undefined) return `${metavar}: ${range}`;
  if (kind === 'headers' || kind === 'pairs') return `${metavar}, may be repeated`;
  if (kind === 'json' || kind === 'list') return metavar;
  return kind === 'boolean' && fallback === true ? `--no-${flagOf(name).slice(2)} switches it off` : undefined;
}

function defaultInHelp(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? 'none' : String(value);
}
