import { escapeLine } from './escape.ts';
import { logTimeAt } from './log-time.ts';
import type { LogFormat } from './protocol.ts';

/**
 * A line of the log, without its line break; `time` is in milliseconds since the epoch. Whatever is in the message, it is
 * one line, and nothing in it drives a terminal. Examples:
 * `2026/01/31 23:59:59 - Requesting details for customer 1000017`
 * `{"time":"2026-01-31T23:59:59.123Z","level":"info","run":"20260131-020000","message":"Requesting details for customer 1000017"}`
 */
export function logLine(format: LogFormat, stamp: string, level: string, message: string, time: number): string {
  if (format === 'text') return `${logTimeAt(time)} - ${escapeLine(message)}`;
  // The marks of the run have a level of their own here, which collectors do not know.
  const entry = { time: new Date(time).toISOString(), level: level === 'run' ? 'info' : level, run: stamp, message };
  return escapeJson(JSON.stringify(entry));
}

/** What JSON leaves as it is in a text, and a terminal or a reader of lines does not. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

const escapeJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
