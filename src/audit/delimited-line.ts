import { DIALECTS } from '../records/delimited.ts';
import type { ResultLine } from './result-line.ts';

/** Reads a line without its LF: `values` of them, joined by comma and space, quoted as in RFC 4180 where needed. */
export function readTextLine(text: string, values: number): ResultLine {
  const flaw = 'is not values joined by comma and space, quoted as in RFC 4180';
  return lineOf(valuesIn(text, DIALECTS.text.separator), values, flaw);
}

/** Reads a line of RFC 4180 without its LF: the CR before that belongs to it. */
export function readCsvLine(text: string, values: number): ResultLine {
  if (!text.endsWith('\r')) return { flaw: 'does not end in CR LF' };
  return lineOf(valuesIn(text.slice(0, -1), DIALECTS.csv.separator), values, 'is not values as in RFC 4180');
}

/** Reads a line of values between tabs, in which a backslash begins `\\`, `\t`, `\n` or `\r` and nothing else. */
export function readTsvLine(text: string, values: number): ResultLine {
  const hasFlaw = /[\\\r]/.test(text.replace(/\\[\\tnr]/g, ''));
  const found = hasFlaw ? undefined : text.split(DIALECTS.tsv.separator).map(unescaped);
  return lineOf(found, values, 'is not values between tabs, with \\\\, \\t, \\n and \\r in them');
}

function lineOf(found: string[] | undefined, values: number, flaw: string): ResultLine {
  if (found === undefined) return { flaw };
  const [customer = ''] = found;
  return found.length === values ? { customer } : { flaw: `has ${found.length} values instead of ${values}` };
}

const ESCAPES: Record<string, string> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };
const unescaped = (value: string): string => value.replace(/\\./g, (pair) => ESCAPES[pair] ?? pair);

const valuesIn = (text: string, separator: string): string[] | undefined =>
  text.includes('"') ? quotedValues(text, separator) : plainValues(text, separator);

/** Undefined where a comma stands without its space. */
function plainValues(text: string, separator: string): string[] | undefined {
  const values = text.split(separator);
  return values.some(isUnquotable) ? undefined : values;
}

function quotedValues(text: string, separator: string): string[] | undefined {
  const values: string[] = [];
  for (let at = 0; ; at += separator.length) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? quotedEnd(text, at) : plainEnd(text, at, separator);
    const value = isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
    if (isQuoted ? end === 0 : isUnquotable(value)) return undefined;
    values.push(value);
    if (end === text.length) return values;
    if (!text.startsWith(separator, end)) return undefined;
    at = end;
  }
}

/** After the closing quote of the value that begins `at`, 0 where there is none. */
function quotedEnd(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote + 1;
}

function plainEnd(text: string, at: number, separator: string): number {
  const comma = text.indexOf(separator, at);
  return comma === -1 ? text.length : comma;
}

const isUnquotable = (value: string): boolean => /[",\r\n]/.test(value);
