/**
 * Every error class of the program, by what there is to do about it. A known error is told to the user by its message
 * alone; anything else is a fault of ours and is told with its stack.
 */

/** The base of all errors that are told by their message alone. `code` is stable, for scripts and tests. */
export abstract class KnownError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Wrong usage, settings or input: nothing was requested, exit 2. */
export class UsageError extends KnownError {
  readonly code: string = 'USAGE';
}

/** Wrong settings, all of them at once: a line each in `problems`. */
export class SettingsError extends UsageError {
  override readonly code = 'SETTINGS';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The list cannot be read: missing, unreadable, empty, without the named column, in another encoding. */
export class SourceError extends UsageError {
  override readonly code = 'SOURCE';
}

/** A run cannot be taken up again: its journal, list, settings or files are not what they were. Nothing was touched. */
export class RecoveryError extends UsageError {
  override readonly code = 'RECOVERY';
}

/** A run that is over was to be taken up again: there is nothing to do. `exitCode` is the run's own; nothing was touched. */
export class FinishedError extends KnownError {
  readonly code = 'FINISHED';
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Another run with the same outputs is under way: exit 75 (EX_TEMPFAIL of sysexits.h). Nothing was requested. */
export class OverlapError extends KnownError {
  readonly code = 'OVERLAP';
}

/** An output file cannot be written: the run stops, exit 4. Before the first request it is a UsageError instead. */
export class OutputError extends KnownError {
  readonly code = 'OUTPUT';
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.path = path;
  }
}

/** The run stops itself although nothing is wrong with the program: exit 3. */
export class StopError extends KnownError {
  readonly code: string = 'STOPPED';
}

/** A run that nobody can go on with, since what it has settled may be wrong: exit 3, and a new run is to be started. */
export class SpoiledError extends StopError {
  override readonly code = 'SPOILED';
}

/** No child can be kept alive: exit 70. `lastWords` are the last lines of standard error of the last one that died. */
export class PoolError extends KnownError {
  readonly code = 'POOL';
}

/** A message on the channel that no version of ours sends: a fault of the program, exit 70. */
export class ProtocolError extends KnownError {
  readonly code = 'PROTOCOL';
}
