import type { StopSignal } from '../job/exit-code.ts';
import { Shutdown } from '../job/shutdown.ts';
import type { JobSurroundings } from '../job/surroundings.ts';
import type { FirstChild } from '../pool/first-child.ts';
import { showProgress } from '../progress/show-progress.ts';
import { NO_PROGRESS } from '../progress/terminal-progress.ts';
import { CHILD_ENTRY } from './child-entry.ts';
import { adviseOnFault, redactFaults } from './fault.ts';
import type { CommandSettings } from './load-request.ts';
import { resumeCommandLine } from './next-commands.ts';
import { sayLine } from './say-line.ts';
import { isHangUpStop, settingsSourceOf } from './settings-source.ts';

/** What has not ended by itself so long after it should have, hangs: in the opening of a pipe, on a dead network disk. */
const LEAVE_LIMIT_MS = 1000;

/**
 * Ends the process by the signal itself, if it does not leave on its own: `process.exit` would wait for a thread that
 * hangs in a system call. A hang-up ends as SIGTERM does.
 */
export function leaveSoon(signal: StopSignal | undefined): void {
  const last = signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
  setTimeout(() => process.kill(process.pid, last), LEAVE_LIMIT_MS).unref();
}

/** The world as the command line finds it. Progress is for a terminal; in a scheduler there is none, unless it is asked for. */
export function commandLineSurroundings(
  command: CommandSettings,
  isVerbose: boolean,
  firstChild?: FirstChild,
): JobSurroundings {
  const { redact } = command;
  const intervalMs = command.settings.progress_seconds * 1000;
  redactFaults(redact);
  let progress = NO_PROGRESS;
  const shutdown = new Shutdown(process, isHangUpStop(command.configFile));
  shutdown.onLeave(() => {
    leaveSoon(shutdown.signal);
    setTimeout(() => shutdown.release(), LEAVE_LIMIT_MS / 2).unref();
  });
  return {
    childEntry: CHILD_ENTRY,
    firstChild,
    stdin: process.stdin,
    connection: command.connection,
    warnings: command.warnings,
    redact,
    learnSecret: command.learnSecret,
    shutdown,
    settingsSource: settingsSourceOf(command),
    begun: (stamp) => adviseOnFault(`go on:  ${resumeCommandLine(command, stamp)}`),
    warn: (message) => {
      progress.clear();
      sayLine(redact, message);
    },
    showProgress: (read) => {
      progress = showProgress(read, { isVerbose, intervalMs, say: (line) => sayLine(redact, line) });
      return progress;
    },
    now: () => new Date(),
  };
}
