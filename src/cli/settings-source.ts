import { isatty } from 'node:tty';
import type { SettingsSource } from '../job/live-settings.ts';
import { type CommandSettings, loadCommandSettings } from './load-request.ts';

/** Where the settings of a command can be read again: undefined where there is no file that could be edited. */
export function settingsSourceOf({ configFile, flags }: CommandSettings): SettingsSource | undefined {
  if (configFile === undefined) return undefined;
  const listeners: (() => void)[] = [];
  if (!isHangUpStop(configFile)) {
    // From now on, so that one which comes before anybody listens does not end the process.
    process.on('SIGHUP', () => {
      for (const listener of listeners) listener();
    });
  }
  return {
    path: configFile,
    // By its path, however it was found: a file that is gone for a moment is no file, not an empty one.
    load: async () => (await loadCommandSettings({ flags, configPath: configFile })).settings,
    onAsked: (listener) => listeners.push(listener),
  };
}

/**
 * Whether SIGHUP ends a run. To a run with a settings file it says to read that again, as to a daemon; but one that has a
 * terminal gets it when that is closed, and should not go on unseen.
 */
export const isHangUpStop = (configFile: string | undefined): boolean =>
  configFile === undefined || isatty(0) || isatty(2);
