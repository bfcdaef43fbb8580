import { LOG_LEVELS, type LogEntry, type LogLevel } from '../channel/protocol.ts';

/** A child's log: `put` takes what is severe enough, with the time at which it is called. */
export interface ChildLog {
  put(level: LogLevel, message: string): void;
  setLevel(level: LogLevel): void;
}

/** What nobody will read is dropped here already, so that it costs nothing on its way. */
export function createLog(
  logLevel: LogLevel,
  redact: (text: string) => string,
  put: (entry: LogEntry) => void,
): ChildLog {
  let highest = LOG_LEVELS.indexOf(logLevel);
  return {
    put: (level, message) => {
      if (LOG_LEVELS.indexOf(level) <= highest) put({ time: Date.now(), level, message: redact(message) });
    },
    setLevel: (level) => {
      highest = LOG_LEVELS.indexOf(level);
    },
  };
}
