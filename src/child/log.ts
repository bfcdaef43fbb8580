import { LOG_LEVELS, type LogEntry, type LogLevel } from '../channel/protocol.ts';

/**
 * A function that logs what is severe enough, with the time at which it is called. What nobody will read is dropped
 * here already, so that it costs nothing on its way.
 */
export function createLog(
  logLevel: LogLevel,
  redact: (text: string) => string,
  put: (entry: LogEntry) => void,
): (level: LogLevel, message: string) => void {
  const highest = LOG_LEVELS.indexOf(logLevel);
  return (level, message) => {
    if (LOG_LEVELS.indexOf(level) <= highest) put({ time: Date.now(), level, message: redact(message) });
  };
}
