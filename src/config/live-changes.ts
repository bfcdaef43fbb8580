import { factsOf, SETTING_NAMES, type SettingName, type Settings } from './schema.ts';
import { showValue } from './show-value.ts';

/** The settings that take effect while a run is on. */
export const LIVE_SETTINGS: readonly SettingName[] = SETTING_NAMES.filter((name) => factsOf(name).isLive === true);

/** What a settings file that was edited during a run changes. */
export interface LiveChanges {
  /** What takes effect at once, old and new: `process_count 2 → 4`. */
  now: string[];
  /** What waits for the next run. */
  later: SettingName[];
}

/** How `after` differs from `before`. Values are shown only of settings that are live, none of which holds a secret. */
export function changesOf(before: Settings, after: Settings): LiveChanges {
  const changed = SETTING_NAMES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const isLive = (name: SettingName) => LIVE_SETTINGS.includes(name);
  return {
    now: changed.filter(isLive).map((name) => `${name} ${showSetting(before[name])} → ${showSetting(after[name])}`),
    later: changed.filter((name) => !isLive(name)),
  };
}

/** The settings of a run after an edit: those that are live as they are now, all others as they were. */
export function withLive(before: Settings, after: Settings): Settings {
  const live = LIVE_SETTINGS.map((name) => [name, after[name]] as const);
  return { ...before, ...Object.fromEntries(live) };
}

const showSetting = (value: unknown): string => (value === null ? 'none' : showValue(value));
