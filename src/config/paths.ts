import { dirname, resolve } from 'node:path';
import type { Given } from './gather.ts';
import type { Origin } from './origin.ts';
import { factsOf, SETTING_NAMES, type SettingName } from './schema.ts';

/**
 * The absolute paths of all settings that are paths and whose values are valid: relative to the settings file's directory
 * where they stand in it, to the working directory where they come from a flag or the environment; the output files
 * relative to the output directory wherever they come from.
 */
export function absolutePaths(valid: ReadonlyMap<SettingName, Given>, cwd: string): ReadonlyMap<SettingName, string> {
  const paths = new Map<SettingName, string>();
  for (const name of SETTING_NAMES.filter((each) => factsOf(each).kind === 'path')) {
    const given = valid.get(name);
    if (typeof given?.value === 'string') paths.set(name, absolutePath(given.value, given.origin, cwd));
  }
  const directory = paths.get('output_directory');
  for (const name of SETTING_NAMES.filter((each) => factsOf(each).kind === 'outputFile')) {
    const value = valid.get(name)?.value;
    if (typeof value === 'string' && directory !== undefined) paths.set(name, resolve(directory, value));
  }
  return paths;
}

/** A command whose program is a path, made absolute in the same way; a name alone is found as a shell finds it. */
export function absoluteCommand({ value, origin }: Given, cwd: string): unknown {
  if (!Array.isArray(value)) return value;
  const [program, ...args]: unknown[] = value;
  return typeof program === 'string' && /[/\\]/.test(program) ? [absolutePath(program, origin, cwd), ...args] : value;
}

function absolutePath(path: string, origin: Origin, cwd: string): string {
  if (path === '-') return path;
  return resolve(origin.from === 'file' ? dirname(origin.path) : cwd, path);
}
