import { Writable } from 'node:stream';
import winston from 'winston';
import { logLine } from '../channel/log-line.ts';
import type { LogFormat, LogLevel } from '../channel/protocol.ts';

/** `run` marks are the run's own and are written at every level: `[Run started]` and its like. */
type RunLogLevel = LogLevel | 'run';
const LEVELS: Record<RunLogLevel, number> = { run: 0, error: 1, warn: 2, info: 3, debug: 4 };

export interface RunLog {
  /** `time` is when it happened, in milliseconds since the epoch; once the log is ended, nothing is taken any more. */
  put(level: RunLogLevel, message: string, time: number): void;
  setLevel(level: LogLevel): void;
  /** Resolves when every entry has reached `write`. */
  end(): Promise<void>;
}

export interface RunLogOptions {
  level: LogLevel;
  format: LogFormat;
  /** The run's. */
  stamp: string;
  redact(text: string): string;
  /** Takes a whole line. */
  write(line: string): void;
}

/** The log, by winston: a line an entry, whatever a customer or a server puts into it; see `logLine`. */
export function createRunLog({ level, format, stamp, redact, write }: RunLogOptions): RunLog {
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
    format: winston.format.printf((entry) =>
      logLine(format, stamp, entry.level, redact(String(entry.message)), Number(entry.time)),
    ),
    transports: [new winston.transports.Stream({ stream: sink, eol: '\n' })],
  });
  let isEnded = false;
  return {
    put: (entryLevel, message, time) => {
      // Winston would fail, by an event that ends the process.
      if (!isEnded) logger.log({ level: entryLevel, message, time });
    },
    setLevel: (another) => {
      logger.level = another;
    },
    end: () =>
      new Promise((resolve) => {
        isEnded = true;
        logger.once('finish', resolve);
        logger.end();
      }),
  };
}
