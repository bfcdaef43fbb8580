import type { SettingName } from '../config/schema.ts';

/**
 * What a command that asks nobody has no use for, and what secrets stand in: whoever looks at runs from a shell of their
 * own seldom has the scheduler's variables. An audit reads the run's list with the `url`, which names its columns.
 */
export const UNNEEDED_BY_AUDIT: ReadonlySet<SettingName> = new Set<SettingName>([
  ...(['query', 'headers', 'auth', 'body'] as const),
  ...(['tls_key_passphrase', 'ping_url'] as const),
]);

/** The same for a command that looks at files of runs only, or has others start the job. */
export const UNNEEDED_BY_LOOKING: ReadonlySet<SettingName> = new Set<SettingName>([...UNNEEDED_BY_AUDIT, 'url']);
