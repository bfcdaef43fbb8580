import { RecoveryError } from '../errors.ts';
import { resumeOrRunJob, runJob } from '../job/job.ts';
import type { RunReport } from '../job/surroundings.ts';
import type { FirstChild } from '../pool/first-child.ts';
import type { CommandSettings } from './load-request.ts';
import { resumeCommandLine, retryCommandLine, startCommandLine } from './next-commands.ts';
import { sayLine } from './say-line.ts';
import { commandLineSurroundings, leaveSoon } from './surroundings.ts';
import { tellReport } from './tell-report.ts';

/** How a run is gone about. */
interface RunManner {
  /** Say how far it is, also where no terminal is. */
  isVerbose?: boolean;
  /** Say how it ended, also where no terminal is. */
  isTalkative?: boolean;
  /** A child that was forked already. */
  firstChild?: FirstChild;
}

/** Goes on with a run where one is not finished. */
export async function goOnWith(
  command: CommandSettings,
  { isVerbose = false, firstChild }: RunManner = {},
): Promise<number> {
  const { settings, secrets, redact } = command;
  const isTalkative = process.stderr.isTTY || isVerbose;
  const surroundings = commandLineSurroundings(command, isVerbose, firstChild);
  const sayWhich = (stamp: string) => {
    if (isTalkative) sayLine(redact, `going on with run ${stamp}`);
  };
  try {
    return tellResumed(command, await resumeOrRunJob(settings, secrets, surroundings, sayWhich), isTalkative);
  } finally {
    surroundings.shutdown.release();
  }
}

/** Runs the job, tells a person what became of it where that is worth it, and gives the exit code. */
export async function runWith(
  command: CommandSettings,
  { isVerbose = false, isTalkative = false, firstChild }: RunManner = {},
): Promise<number> {
  const { settings, secrets } = command;
  const surroundings = commandLineSurroundings(command, isVerbose, firstChild);
  try {
    const report = await runJob(settings, secrets, surroundings);
    return tellEnd(command, report, process.stderr.isTTY || isVerbose || isTalkative);
  } finally {
    surroundings.shutdown.release();
  }
}

/** Tells a person what became of a run, on standard error, where that is worth it; gives the exit code. */
export function tellEnd(command: CommandSettings, report: RunReport, isTalkative: boolean): number {
  const account = tellReport(report, isTalkative, {
    retry: (stamp) => retryCommandLine(command, stamp),
    resume: (stamp) => resumeCommandLine(command, stamp),
  });
  if (report.ending.is !== 'complete') leaveSoon(report.ending.is === 'interrupted' ? report.ending.signal : undefined);
  if (account !== undefined) process.stderr.write(`${command.redact(account)}\n`);
  return report.exitCode;
}

/** The same of a run that was to go on; where that is refused, says how a new one is started: no command does so by itself. */
export function tellResumed(command: CommandSettings, report: RunReport, isTalkative: boolean): number {
  const exitCode = tellEnd(command, report, isTalkative);
  const isRefused = report.ending.is === 'error' && report.ending.error instanceof RecoveryError;
  if (isRefused)
    sayLine(command.redact, `to leave that run as it is and start a new one:  ${startCommandLine(command)}`);
  return exitCode;
}
