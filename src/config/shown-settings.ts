import { SETTING_NAMES, type SettingName, type Settings } from './schema.ts';
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

/** All settings as a person may see them; secrets elsewhere in them are for a redactor to mask. */
export const shownSettings = (settings: Settings): Record<string, string> =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, shownValue(name, settings[name])]));
