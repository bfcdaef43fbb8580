import { Writable } from 'node:stream';
import winston from 'winston';
import type { LogLevel } from '../channel/protocol.ts';
import { escapeLine } from './escape.ts';
import { logTimeOf } from './stamp.ts';

/** `run` marks are the run's own and are written at every level: `[Run started]` and its like. */
export type RunLogLevel = LogLevel | 'run';
const LEVELS: Record<RunLogLevel, number> = { run: 0, error: 1, warn: 2, info: 3, debug: 4 };

export interface RunLog {
  /** `time` is when it happened, in milliseconds since the epoch. */
  put(level: RunLogLevel, message: string, time: number): void;
  /** Resolves when every entry has reached `write`. */
  end(): Promise<void>;
}

/**
 * The log, by winston: a line an entry, whatever a customer or a server puts into it.
 * Example: `2026/01/31 23:59:59 - Requesting details for customer 1000017`
 */
export function createRunLog(level: LogLevel, redact: (text: string) => string, write: (line: string) => void): RunLog {
  const sink = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => {
      write(line);
      done();
    },
  });
  const logger = winston.createLogger({
    levels: LEVELS,
    level,
    format: winston.format.printf(
      ({ message, time }) => `${logTimeOf(new Date(Number(time)))} - ${escapeLine(redact(String(message)))}`,
    ),
    transports: [new winston.transports.Stream({ stream: sink, eol: '\n' })],
  });
  return {
    put: (entryLevel, message, time) => logger.log({ level: entryLevel, message, time }),
    end: () =>
      new Promise((resolve) => {
        logger.once('finish', resolve);
        logger.end();
      }),
  };
}
