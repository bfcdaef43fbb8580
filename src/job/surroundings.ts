import type { Readable } from 'node:stream';
import type { ConnectionSettings } from '../channel/protocol.ts';
import type { FlowAccount } from '../flow/flow-account.ts';
import type { RunPaths } from '../output/claim-files.ts';
import type { Tally } from '../output/tally.ts';
import type { FirstChild } from '../pool/first-child.ts';
import type { ProgressFacts } from '../progress/progress-facts.ts';
import type { Progress } from '../progress/terminal-progress.ts';
import type { Ending } from './exit-code.ts';
import type { SettingsSource } from './live-settings.ts';
import type { Shutdown } from './shutdown.ts';

/** What a run needs of the world around it. */
export interface JobSurroundings {
  /** The file that a child runs. */
  childEntry: URL;
  /** A child that was forked already, where one was. */
  firstChild?: FirstChild | undefined;
  stdin: Readable;
  connection: ConnectionSettings;
  /** What a person is told at each start. */
  warnings: readonly string[];
  /** Masks every secret that is known by now. */
  redact(text: string): string;
  /** From now on this is masked, too. */
  learnSecret(secret: string): void;
  shutdown: Shutdown;
  /** Where the settings can be read again while the run is on; undefined where there is no settings file. */
  settingsSource: SettingsSource | undefined;
  /** The run has its files: from now on it can be taken up again. */
  begun(stamp: string): void;
  /** Tells a person something at once, beside the progress. */
  warn(message: string): void;
  /** Begins to show progress; called once, when the run begins. */
  showProgress(read: () => ProgressFacts): Progress;
  now(): Date;
}

/** What became of a run. `paths` is undefined where it ended before it had files. */
export interface RunReport {
  ending: Ending;
  exitCode: number;
  tally: Tally;
  paths: RunPaths | undefined;
  durationMs: number;
  /** Whether the list was read to its end. */
  isListRead: boolean;
  /** What the endpoint was found to be like; undefined where it was not asked. */
  flow: FlowAccount | undefined;
}
