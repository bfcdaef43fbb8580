import { FinishedError, KnownError, OutputError, OverlapError, StopError, UsageError } from '../errors.ts';

/** The signals that end a run early. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** How a run ended. */
export type Ending =
  | { is: 'complete'; failed: number }
  | { is: 'interrupted'; signal: StopSignal }
  | { is: 'error'; error: unknown };

/**
 * The exit code, here and nowhere else: 0 complete, 1 complete with failed customers, 2 wrong usage, settings or input,
 * 3 stopped itself, 4 an output could not be written, 70 a fault of the program, 75 another run has the outputs, 130 and 143
 * interrupted; of a run that was finished before, its own. A hang-up is a request to end as SIGTERM is.
 */
export function exitCodeFor(ending: Ending): number {
  if (ending.is === 'complete') return ending.failed === 0 ? 0 : 1;
  if (ending.is === 'interrupted') return ending.signal === 'SIGINT' ? 130 : 143;
  if (ending.error instanceof FinishedError) return ending.error.exitCode;
  if (ending.error instanceof UsageError) return 2;
  if (ending.error instanceof StopError) return 3;
  if (ending.error instanceof OutputError) return 4;
  if (ending.error instanceof OverlapError) return 75;
  return 70;
}

/** What a user is told of an error: a known one by its message, an unknown one with its stack, as it is our fault. */
export function tellError(error: unknown): string {
  if (error instanceof KnownError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
