import { dirname } from 'node:path';
import type { ConnectionSettings } from '../channel/protocol.ts';
import { SettingsError } from '../errors.ts';
import { findConnection } from './connection.ts';
import { crossProblems } from './cross-checks.ts';
import { type Given, gather } from './gather.ts';
import type { Origin } from './origin.ts';
import { absoluteCommand, absolutePaths } from './paths.ts';
import {
  defaultSettings,
  factsOf,
  flagOf,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingsSchema,
  variableOf,
} from './schema.ts';
import { createRedactor, MIN_SECRET_LENGTH } from './secrets.ts';
import { secretsOfSettings } from './setting-secrets.ts';
import { readSettingsFile, SEARCH_PLACES } from './settings-file.ts';
import { wrongSettings } from './validate.ts';

export interface LoadRequest {
  /** What `flagsToSettings` gives. */
  flags: Record<string, unknown>;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** The value of `--config`, relative to `cwd`. */
  configPath?: string;
  /** Whether a settings file is looked for in `cwd` where no `configPath` is given; default true. */
  searchFile?: boolean;
  /** The command's flags that are no settings', without their hyphens: one of them may be what an unknown flag was to be. */
  ownFlags?: readonly string[];
  /** Settings that this command has no use for: where what the file's values refer to is not there, nothing is said. */
  unneeded?: ReadonlySet<SettingName>;
}

export interface LoadedSettings {
  settings: Settings;
  origins: Record<SettingName, Origin>;
  /** Absolute path of the settings file, where there was one. */
  configFile: string | undefined;
  /** Settings of which the file has values that are not there, and which were not needed: why, a phrase each. */
  leftOut: ReadonlyMap<SettingName, readonly string[]>;
  /** Values that must not appear in anything written. */
  secrets: string[];
  /** How connections are made: with the files that the settings name, and the proxies that the environment names. */
  connection: ConnectionSettings;
  /** What a person is told at each start. */
  warnings: string[];
}

/**
 * Loads the settings: flag before `AGGREGATE_…` variable before settings file before default, checked once after merging.
 * Throws a SettingsError with every problem on a line of its own, a UsageError where the file cannot be read.
 */
export async function loadSettings(request: LoadRequest): Promise<LoadedSettings> {
  const { flags, env, cwd, configPath, searchFile = true, ownFlags = [], unneeded = NONE } = request;
  const file = configPath !== undefined || searchFile ? await readSettingsFile(cwd, configPath) : undefined;
  const gathered = gather({ flags, ownFlags, env, file, unneeded });
  const given = withDefaults(gathered.given, file === undefined ? cwd : dirname(file.path));
  const secrets = secretsOfSettings(given, gathered.secrets);

  const wrong = wrongSettings(given).filter(({ name }) => !gathered.failed.has(name));
  const wrongNames = new Set([...gathered.failed, ...wrong.map(({ name }) => name)]);
  const valid = new Map([...given].filter(([name]) => !wrongNames.has(name)));
  const paths = absolutePaths(valid, cwd);
  const found = findConnection(valid, paths, env);
  secrets.push(...found.secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH));
  const problems = [
    ...gathered.problems,
    ...missingSettings(given, file?.path ?? (searchFile ? `${SEARCH_PLACES[0]} (none in ${cwd})` : undefined)),
    ...wrong.map(({ problem }) => problem),
    ...(await crossProblems(valid, paths)),
    // A command that has no use for its passphrase opens no key.
    ...(unneeded.has('tls_key_passphrase') ? [] : found.problems),
  ];
  if (problems.length > 0) throw new SettingsError(problems.map(createRedactor(secrets)));

  const values = Array.from(given, ([name, each]) => [name, paths.get(name) ?? resolved(name, each, cwd)]);
  const settings = settingsSchema.parse(Object.fromEntries(values));
  const connection = {
    timeoutMs: settings.timeout_seconds * 1000,
    connectTimeoutMs: settings.connect_timeout_seconds * 1000,
    httpVersion: settings.http_version,
    httpClient: settings.http_client,
    tls: found.tls,
    proxies: found.proxies,
  };
  const origins = originsOf(given);
  const [{ warnings }, { leftOut }, configFile] = [found, gathered, file?.path];
  return { settings, origins, configFile, leftOut, secrets, connection, warnings };
}

const NONE: ReadonlySet<SettingName> = new Set();

/** A value as it is used: what is a path in it counts from where it was given. */
const resolved = (name: SettingName, given: Given, cwd: string): unknown =>
  factsOf(name).kind === 'command' ? absoluteCommand(given, cwd) : given.value;

function withDefaults(given: ReadonlyMap<SettingName, Given>, directory: string): ReadonlyMap<SettingName, Given> {
  const origin: Origin = { from: 'default' };
  const defaults = Array.from(
    defaultSettings(directory, given.get('output_format')?.value),
    ([name, value]) => [name, { value, origin }] as const,
  );
  return new Map([...defaults, ...given]);
}

function missingSettings(given: ReadonlyMap<SettingName, Given>, filePlace: string | undefined): string[] {
  const missing = SETTING_NAMES.filter((name) => !given.has(name));
  return missing.map((name) => {
    const places = [
      `flag ${flagOf(name)}`,
      `environment ${variableOf(name)}`,
      ...(filePlace ? [`file ${filePlace}`] : []),
    ];
    return `${name}: required, but given in none of these: ${places.join(', ')}`;
  });
}

function originsOf(given: ReadonlyMap<SettingName, Given>): Record<SettingName, Origin> {
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const [name, { origin }] of given) origins[name] = origin;
  if (!isComplete(origins)) throw new Error('a setting was validated without having come from anywhere');
  return origins;
}

const isComplete = (origins: Partial<Record<SettingName, Origin>>): origins is Record<SettingName, Origin> =>
  SETTING_NAMES.every((name) => origins[name] !== undefined);
