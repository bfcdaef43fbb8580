import { escapeLine } from '../channel/escape.ts';

/** Says a line on standard error, where nothing that a list, a server or a setting put into it can drive the terminal. */
export function sayLine(redact: (text: string) => string, message: string): void {
  const lines = redact(message).split('\n').map(escapeLine);
  process.stderr.write(`${lines.map((line) => `aggregate: ${line}`).join('\n')}\n`);
}
