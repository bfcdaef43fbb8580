import { access, constants, readFile } from 'node:fs/promises';
import type { LoadedSettings } from '../config/load.ts';

/** What a person should know before a job is left to a scheduler, a sentence each. */
export async function hintsFor(
  { settings, origins, leftOut }: LoadedSettings,
  program: { node: string; script: string },
): Promise<string[]> {
  const hints: string[] = [];
  const fromEnvironment = Object.entries(origins).filter(([, { from }]) => from === 'environment');
  if (fromEnvironment.length > 0) {
    const names = fromEnvironment.map(([name]) => name).join(', ');
    hints.push(`${names}: from the environment here, which a scheduler does not have; write it into the settings file`);
  }
  for (const [name, problems] of leftOut) {
    for (const problem of problems) hints.push(`${name}: ${problem}; a run that finds it so ends with exit code 2`);
  }
  const { source_file: list } = settings;
  const isReadable = await access(list, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) hints.push(`${list}: cannot be read now; it must be there when the job starts`);
  for (const path of [program.node, program.script]) {
    const owner = TEMPORARY.find(([, pattern]) => pattern.test(path))?.[0];
    if (owner !== undefined)
      hints.push(`${path}: a place of ${owner}, gone after its next update; install both for the machine`);
  }
  return hints;
}

/** Places that programs manage for one person, or for a while. */
const TEMPORARY: readonly [string, RegExp][] = [
  ['nvm', /[/\\]\.?nvm[/\\]/],
  ['fnm', /[/\\]\.?fnm(?:_multishells)?[/\\]/],
  ['Volta', /[/\\]\.volta[/\\]/],
  ['asdf', /[/\\]\.asdf[/\\]/],
  ['npx', /[/\\]_npx[/\\]/],
];

/** The environment variables that a settings file takes values from, each once; `$${NAME}` is none. */
export async function variablesIn(configFile: string | undefined): Promise<string[]> {
  if (configFile === undefined) return [];
  const text = await readFile(configFile, 'utf8');
  const names = [...text.matchAll(/\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)];
}
