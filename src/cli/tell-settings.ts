import type { LoadedSettings } from '../config/load.ts';
import { describeOrigin } from '../config/origin.ts';
import { SETTING_NAMES } from '../config/schema.ts';
import { SECRET_AUTH_MEMBERS } from '../config/setting-secrets.ts';

/** A line a setting: name, value, where it came from. Values of headers are not shown: most of them are secrets. */
export function tellSettings({ settings, origins, configFile }: LoadedSettings): string[] {
  const rows = SETTING_NAMES.map(
    (name) => [name, valueText(name, settings[name]), describeOrigin(origins[name])] as const,
  );
  const widths = [0, 1].map((i) => Math.min(60, Math.max(...rows.map((row) => row[i]?.length ?? 0))));
  const lines = rows.map(([name, value, origin]) => {
    const columns = [name.padEnd(widths[0] ?? 0), value.padEnd(widths[1] ?? 0), `(${origin})`];
    return `  ${columns.join('  ')}`;
  });
  return [`Settings, from ${configFile ?? 'flags, environment and defaults'}:`, ...lines, ''];
}

function valueText(name: string, value: unknown): string {
  if (value === null) return 'none';
  if (name === 'tls_key_passphrase') return '***';
  if (name === 'auth')
    return JSON.stringify(value, (member, part) => (SECRET_AUTH_MEMBERS.includes(member) ? '***' : part));
  if (name !== 'headers' || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).map((header) => `"${header}": ***`);
  return `{${names.join(', ')}}`;
}
