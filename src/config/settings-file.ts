import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CosmiconfigResult, cosmiconfig, type PublicExplorer } from 'cosmiconfig';
import { SettingsError, UsageError } from '../errors.ts';
import { findJsonProblem } from './json-problem.ts';

/**
 * Where a settings file is looked for, the first one first: in the working directory only, since a file in a directory
 * above it, long forgotten, must not send requests. JSON only: nothing is executed.
 */
export const SEARCH_PLACES = ['aggregate.config.json', '.aggregaterc.json'];

/** A settings file's absolute path and its members, neither of them checked; `$schema` is left out. */
export interface SettingsFile {
  path: string;
  members: ReadonlyMap<string, unknown>;
}

/**
 * Reads the file at `configPath`, or the first that is found in `cwd`; undefined where there is none. Throws a UsageError
 * where it cannot be read, a SettingsError with line and column where it is not a JSON object.
 */
export async function readSettingsFile(cwd: string, configPath: string | undefined): Promise<SettingsFile | undefined> {
  const found = configPath === undefined ? await search(cwd) : await load(resolve(cwd, configPath));
  return found && { path: found.path, members: membersOf(found.path, found.text) };
}

interface FoundText {
  path: string;
  text: string;
}

async function load(path: string): Promise<FoundText> {
  const result = await loadWithReason(path);
  // cosmiconfig takes a part only of a file named `package`, and there is none for us.
  if (result === null) throw new UsageError(`--config ${path}: settings stand in a file of their own, not in this one`);
  return { path, text: textOf(result.config) };
}

async function loadWithReason(path: string): Promise<CosmiconfigResult> {
  try {
    return await createExplorer().load(path);
  } catch (error) {
    throw new UsageError(`--config ${path}: ${describeReadError(error)}`, { cause: error });
  }
}

async function search(cwd: string): Promise<FoundText | undefined> {
  await expectReadable(cwd);
  const result = await createExplorer().search(cwd);
  return result === null ? undefined : { path: result.filepath, text: textOf(result.config) };
}

/** cosmiconfig passes over a file that it may not read, as if it were not there; a run without its settings is worse. */
async function expectReadable(cwd: string): Promise<void> {
  for (const path of SEARCH_PLACES.map((place) => join(cwd, place))) {
    try {
      await access(path, constants.R_OK);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new UsageError(`${path}: ${describeReadError(error)}`, { cause: error });
    }
  }
}

/** The text itself is what is loaded: so cosmiconfig follows no `$import` in it, and we say what is wrong with it. */
const loadText = (_path: string, text: string): { text: string } => ({ text });

function createExplorer(): PublicExplorer {
  const extensions = ['.json', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.yaml', '.yml', 'noExt', 'default'];
  const loaders = Object.fromEntries(extensions.map((extension) => [extension, loadText]));
  return awayFromWorkingDirectory(() =>
    cosmiconfig('aggregate', { searchPlaces: SEARCH_PLACES, loaders, ignoreEmptySearchPlaces: false, cache: false }),
  );
}

/**
 * When an explorer is made, cosmiconfig (10.0) looks in the working directory for settings of its own, and executes
 * `.config/config.js` there; no option prevents it. It looks in this directory of ours instead, which has none.
 */
function awayFromWorkingDirectory<T>(create: () => T): T {
  const { cwd } = process;
  process.cwd = () => import.meta.dirname;
  try {
    return create();
  } finally {
    process.cwd = cwd;
  }
}

/** Nothing came for an empty file: cosmiconfig asks no loader then. */
function textOf(config: unknown): string {
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : '';
}

function membersOf(path: string, fileText: string): ReadonlyMap<string, unknown> {
  const text = fileText.replace(/^\ufeff/, '');
  if (text.trim() === '') throw new SettingsError([`${path}: empty; expected a JSON object with settings`]);
  if (text.includes('\ufffd')) throw new SettingsError([`${path}: holds bytes that are not UTF-8`]);
  const problem = findJsonProblem(text);
  if (problem) throw new SettingsError([`${path}:${problem.line}:${problem.column}: not valid JSON: ${problem.what}`]);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingsError([`${path}: expected a JSON object with settings, such as {"process_count": 4}`]);
  }
  return new Map(Object.entries(value).filter(([name]) => name !== '$schema'));
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

function describeReadError(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EISDIR') return 'a directory, not a settings file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
