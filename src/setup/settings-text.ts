import { dirname, isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { factsOf, SETTING_NAMES, type SettingName, type Settings } from '../config/schema.ts';

/** Where the JSON Schema of the settings is: in the program's own folder, a level further up from what was built. */
const SCHEMA = fileURLToPath(
  new URL(`${import.meta.url.endsWith('.js') ? '../../../' : '../../'}aggregate.schema.json`, import.meta.url),
);

/**
 * The text of a settings file with these settings, for a file at `path`: those that were given, in the order of the
 * schema, paths below the file relative to it. `given` are what flags gave, `settings` the same, checked and absolute.
 */
export function settingsText(settings: Settings, given: Readonly<Record<string, unknown>>, path: string): string {
  const directory = dirname(path);
  const members = SETTING_NAMES.filter((name) => given[name] !== undefined).map((name) => {
    return [name, memberOf(name, settings, given, directory)] as const;
  });
  return `${JSON.stringify({ $schema: schemaFrom(directory), ...Object.fromEntries(members) }, undefined, 2)}\n`;
}

function memberOf(
  name: SettingName,
  settings: Settings,
  given: Readonly<Record<string, unknown>>,
  directory: string,
): unknown {
  const { kind } = factsOf(name);
  const value = settings[name];
  // An output file is relative to the output directory, wherever its name was given.
  if (kind === 'outputFile') return given[name];
  return kind === 'path' && typeof value === 'string' && value !== '-' ? below(directory, value) : value;
}

function schemaFrom(directory: string): string {
  const path = below(directory, SCHEMA);
  return isAbsolute(path) ? pathToFileURL(path).href : `./${path.replaceAll(sep, '/')}`;
}

/** A path relative to a directory where it lies in it, else as it is. */
function below(directory: string, path: string): string {
  const way = relative(directory, path);
  if (way === '') return '.';
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? path : way;
}
