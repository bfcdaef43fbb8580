import { isUtf8 } from 'node:buffer';

/** What a whole line of the results holds: its customer, or why it is none. */
export type ResultLine = { customer: string } | { flaw: string };

/**
 * Reads a line of the results, its line break included, which may hold others within quotes: `values` of them, joined by
 * comma and space, quoted as in RFC 4180 where needed.
 */
export function readResultLine(line: Buffer, values: number): ResultLine {
  if (line.at(-1) !== 0x0a) return { flaw: 'has no line break at its end' };
  if (!isUtf8(line)) return { flaw: 'is not UTF-8' };
  const text = line.toString('utf8', 0, line.length - 1);
  if (text.includes('\0')) return { flaw: 'has a NUL character' };
  const found = text.includes('"') ? quotedValues(text) : plainValues(text);
  if (found === undefined) return { flaw: 'is not values joined by comma and space, quoted as in RFC 4180' };
  const [customer = ''] = found;
  return found.length === values ? { customer } : { flaw: `has ${found.length} values instead of ${values}` };
}

/** Undefined where a comma stands without its space. */
function plainValues(text: string): string[] | undefined {
  const values = text.split(', ');
  return values.some(isUnquotable) ? undefined : values;
}

function quotedValues(text: string): string[] | undefined {
  const values: string[] = [];
  for (let at = 0; ; at += 2) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? quotedEnd(text, at) : plainEnd(text, at);
    const value = isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
    if (isQuoted ? end === 0 : isUnquotable(value)) return undefined;
    values.push(value);
    if (end === text.length) return values;
    if (!text.startsWith(', ', end)) return undefined;
    at = end;
  }
}

/** After the closing quote of the value that begins `at`, 0 where there is none. */
function quotedEnd(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote + 1;
}

function plainEnd(text: string, at: number): number {
  const comma = text.indexOf(', ', at);
  return comma === -1 ? text.length : comma;
}

const isUnquotable = (value: string): boolean => /[",\r\n]/.test(value);
