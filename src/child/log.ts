import { logLine } from '../channel/log-line.ts';
import { LOG_LEVELS, type LogFormat, type LogLevel } from '../channel/protocol.ts';

/** A child's log: `put` takes what is severe enough, with the time at which it is called. */
export interface ChildLog {
  put(level: LogLevel, message: string): void;
  setLevel(level: LogLevel): void;
}

export interface ChildLogOptions {
  level: LogLevel;
  format: LogFormat;
  /** The run's. */
  stamp: string;
  redact(text: string): string;
  /** Takes a whole line, its line break included. */
  put(line: string): void;
}

/**
 * What nobody will read is dropped here already, so that it costs nothing on its way; the rest is made a line of here, so
 * that the parent has nothing to do with it but to write it.
 */
export function createLog({ level: first, format, stamp, redact, put }: ChildLogOptions): ChildLog {
  let highest = LOG_LEVELS.indexOf(first);
  return {
    put: (level, message) => {
      if (LOG_LEVELS.indexOf(level) <= highest) put(`${logLine(format, stamp, level, redact(message), Date.now())}\n`);
    },
    setLevel: (level) => {
      highest = LOG_LEVELS.indexOf(level);
    },
  };
}
