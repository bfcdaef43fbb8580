import type { LoadedSettings } from '../config/load.ts';
import { describeOrigin } from '../config/origin.ts';
import { SETTING_NAMES } from '../config/schema.ts';

import { shownValue } from '../config/shown-settings.ts';

/** A line a setting: name, value, where it came from. Values of headers are not shown: most of them are secrets. */
export function tellSettings({ settings, origins, configFile }: LoadedSettings): string[] {
  const rows = SETTING_NAMES.map(
    (name) => [name, shownValue(name, settings[name]), describeOrigin(origins[name])] as const,
  );
  const widths = [0, 1].map((i) => Math.min(60, Math.max(...rows.map((row) => row[i]?.length ?? 0))));
  const lines = rows.map(([name, value, origin]) => {
    const columns = [name.padEnd(widths[0] ?? 0), value.padEnd(widths[1] ?? 0), `(${origin})`];
    return `  ${columns.join('  ')}`;
  });
  return [`Settings, from ${configFile ?? 'flags, environment and defaults'}:`, ...lines, ''];
}
