import { flagsToSettings, unknownFlags } from '../config/flags.ts';
import { type LoadedSettings, loadSettings } from '../config/load.ts';
import type { SettingName } from '../config/schema.ts';
import { createLearningRedactor } from '../config/secrets.ts';
import { UsageError } from '../errors.ts';

/** The settings of a command, with what it needs to speak of them. */
export interface CommandSettings extends LoadedSettings {
  flags: Record<string, unknown>;
  redact(text: string): string;
  /** From now on this is masked, too: a secret that came into being meanwhile. */
  learnSecret(secret: string): void;
}

/** What a command says of its settings. */
export interface SettingsRequest {
  flags: Record<string, unknown>;
  /** A settings file that was named. */
  configPath?: string;
  /** Whether a settings file that was not named is looked for; true where it is left out. */
  searchFile?: boolean;
  /** The command's flags that are no settings'. */
  ownFlags?: readonly string[];
  /** Settings that the command has no use for; see `unneeded-settings.ts`. */
  unneeded?: ReadonlySet<SettingName>;
}

/** Loads settings from flags, the environment and a file, for the process's own working directory. */
export async function loadCommandSettings(request: SettingsRequest): Promise<CommandSettings> {
  const loaded = await loadSettings({ ...request, env: process.env, cwd: process.cwd() });
  const { redact, learn } = createLearningRedactor(loaded.secrets);
  return { ...loaded, flags: request.flags, redact, learnSecret: learn };
}

/** What a command line may say beside the settings. */
interface OwnWords {
  flags?: readonly string[];
  positionals?: readonly string[];
}

/**
 * Loads the settings that a command line means: its flags, and the file that it names or finds. A flag that is neither a
 * setting's nor one of the command's own is a problem like all others, and told with them.
 */
export async function settingsOf(
  argv: Readonly<Record<string, unknown>>,
  { flags = [], positionals = [] }: OwnWords = {},
  unneeded?: ReadonlySet<SettingName>,
): Promise<CommandSettings> {
  const { config } = argv;
  if (Array.isArray(config)) throw new UsageError('--config: expected one settings file, got several');
  const configPath = typeof config === 'string' ? { configPath: config } : {};
  const ownFlags = ['config', ...flags];
  return await loadCommandSettings({
    flags: { ...flagsToSettings(argv), ...unknownFlags(argv, [...ownFlags, ...positionals]) },
    ownFlags,
    ...configPath,
    ...(unneeded && { unneeded }),
  });
}
