import { stat } from 'node:fs/promises';
import type { LogLevel } from '../channel/protocol.ts';
import { changesOf, withLive } from '../config/live-changes.ts';
import type { Settings } from '../config/schema.ts';
import type { EventKind } from '../metrics/run-event.ts';
import { tellError } from './exit-code.ts';

/** Where a run's settings can be read again. */
export interface SettingsSource {
  /** The settings file. */
  path: string;
  /** Reads and checks them anew, flags and environment before the file; rejects where they are not right. */
  load(): Promise<Settings>;
  /** Somebody asks for that. */
  onAsked(listener: () => void): void;
}

export interface LiveSettingsParts {
  source: SettingsSource;
  /** Those in force. */
  settings: Settings;
  /** Puts others in force; they differ in live settings only. */
  apply(settings: Settings): void;
  event(kind: EventKind, level: LogLevel, message: string): void;
}

/**
 * The file is looked at so often, and read once two looks have seen the same: some editors write in several steps. Looked
 * at, not listened to: an editor puts another file in its place, a container platform moves a link above it, and a network
 * disk tells nobody; a look sees all of it, and costs one system call.
 */
const LOOK_MS = 400;

/** Follows the settings file while a run is on. What is not right is refused, and the run goes on with what it had. */
export class LiveSettings {
  readonly #parts: LiveSettingsParts;
  #settings: Settings;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** What the last look saw, and what the file looked like when it was last read by itself. */
  #seen: string | undefined;
  #readAs: string | undefined;
  #reading: Promise<void> | undefined;
  #isOver = false;

  constructor(parts: LiveSettingsParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    this.#parts.source.onAsked(() => this.#readAgain(true));
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  /** The first time it is read in any case: it may have been edited since the run has read it. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const sight = await sightOf(this.#parts.source.path);
    this.#isLooking = false;
    const isSteady = sight === this.#seen;
    this.#seen = sight;
    if (!isSteady || sight === this.#readAs) return;
    this.#readAs = sight;
    this.#readAgain(false);
  }

  /** One at a time; each reads what is there when its turn comes. */
  #readAgain(isAsked: boolean): void {
    this.#reading = (this.#reading ?? Promise.resolve()).then(() => this.#read(isAsked));
  }

  async #read(isAsked: boolean): Promise<void> {
    const { source, apply, event } = this.#parts;
    const read = await source.load().catch((error: unknown) => ({ problem: tellError(error) }));
    if (this.#isOver) return;
    if ('problem' in read) {
      event('settings_refused', 'warn', `Settings not taken, those before stay in force: ${read.problem}`);
      return;
    }
    const { now, later } = changesOf(this.#settings, read);
    const waits = later.length === 0 ? '' : `; with the next run: ${later.join(', ')}`;
    if (now.length + later.length > 0) {
      event('settings_changed', 'warn', `Settings read again: ${now.join(', ') || 'nothing changes now'}${waits}`);
    } else if (isAsked) event('settings_changed', 'info', 'Settings read again: nothing has changed');
    if (now.length === 0) return;
    this.#settings = withLive(this.#settings, read);
    apply(this.#settings);
  }
}

/** What a file looks like from outside; another one in its place looks different. */
const sightOf = (path: string): Promise<string> =>
  stat(path).then(
    ({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join(),
    () => 'none',
  );
