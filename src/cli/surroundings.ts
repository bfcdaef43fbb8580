import type { StopSignal } from '../job/exit-code.ts';
import { NO_PROGRESS, showProgress } from '../job/progress.ts';
import { Shutdown } from '../job/shutdown.ts';
import type { JobSurroundings } from '../job/surroundings.ts';
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

/** The world as the command line finds it. Progress is for a terminal; in a scheduler there is none. */
export function commandLineSurroundings(command: CommandSettings): JobSurroundings {
  const { redact } = command;
  redactFaults(redact);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  let progress = NO_PROGRESS;
  const shutdown = new Shutdown(process, isHangUpStop(command.configFile));
  shutdown.onLeave(() => {
    leaveSoon(shutdown.signal);
    setTimeout(() => shutdown.release(), LEAVE_LIMIT_MS / 2).unref();
  });
  return {
    childEntry: new URL(`../child/entry.${extension}`, import.meta.url),
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
    showProgress: (tally, list, isListRead) => {
      const listProgress = () => ({
        bytesRead: list.bytesRead,
        totalBytes: list.totalBytes,
        isAtEnd: isListRead(),
      });
      if (process.stderr.isTTY) progress = showProgress(process.stderr, tally, listProgress);
      return progress;
    },
    now: () => new Date(),
  };
}
