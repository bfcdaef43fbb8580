import { factsOf, SETTING_NAMES, type SettingName, type Settings } from './schema.ts';
import { SECRET_AUTH_MEMBERS } from './setting-secrets.ts';

/** A setting's value as a person may see it: what is secret by its place is not shown. */
export function shownValue(name: SettingName, value: unknown): string {
  if (value === null) return 'none';
  if (name === 'tls_key_passphrase') return '***';
  if (name === 'auth') {
    return JSON.stringify(value, (member, part) => (SECRET_AUTH_MEMBERS.includes(member) ? '***' : part));
  }
  if (name !== 'headers' || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).map((header) => `"${header}": ***`);
  return `{${names.join(', ')}}`;
}

/** What may name more than its owner would mail to others: a command with its arguments, the address of a dead man's switch. */
const OWN: ReadonlySet<SettingName> = new Set<SettingName>(['on_finish', 'ping_url']);

/**
 * All settings as anybody may see them: of those that may hold a secret only the names of their members. Secrets elsewhere
 * in them are for a redactor to mask.
 */
export const shownSettings = (settings: Settings): Record<string, string> =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, publicValue(name, settings[name])]));

function publicValue(name: SettingName, value: unknown): string {
  if (value === null || !(factsOf(name).isPrivate === true || OWN.has(name))) return shownValue(name, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '***';
  return `{${Object.keys(value)
    .map((member) => `"${member}": ***`)
    .join(', ')}}`;
}
