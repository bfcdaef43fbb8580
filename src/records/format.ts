import { AnswerError } from './answer-error.ts';
import { describeValue } from './excerpt.ts';
import type { Field } from './field.ts';

/**
 * What makes a value's quotes necessary: a comma, a double quote, anything that some program takes for the end of a line
 * (CR, LF, VT, FF, NEL, U+2028, U+2029), and white space at its ends, which readers trim.
 */
const NEEDS_QUOTES = /[",\n\r\v\f\x85\u2028\u2029]|^\s|\s$/;

/** Lines for a customer's records, each ending in a line break; see `formatRecord`. `values` are its row's, the customer first. */
export function formatRecords(
  values: readonly string[],
  records: readonly unknown[],
  fields: readonly Field[],
): string {
  let text = '';
  for (let at = 0; at < records.length; at += 1) text += `${formatRecord(values, records[at], fields, at + 1)}\n`;
  return text;
}

/**
 * A line without its line break, as the seed writes it: `1001, 7, 0.93, "a, b"`. Values with commas, quotes, line breaks
 * or white space at their ends are quoted as in RFC 4180. Throws `AnswerError` that names the record's `number`, from 1.
 */
export function formatRecord(values: readonly string[], record: unknown, fields: readonly Field[], number = 1): string {
  if (typeof record !== 'object' || record === null || JSON.isRawJSON(record)) {
    throw new AnswerError(`record ${number} is ${describeValue(record)}, not an object`);
  }
  let text = quote(values[0] ?? '');
  for (const field of fields) {
    const value = field.get(record, values);
    if (value === undefined) throw new AnswerError(`record ${number} has no ${field.path}`);
    text += `, ${formatValue(value, number, field.path)}`;
  }
  return text;
}

function formatValue(value: unknown, number: number, path: string): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    if (value.includes('\0')) throw unfit('a NUL character', number, path);
    if (!value.isWellFormed()) throw unfit('half a surrogate pair', number, path);
    return quote(value);
  }
  if (typeof value !== 'object') return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : quote(JSON.stringify(value));
}

const unfit = (flaw: string, number: number, path: string): AnswerError =>
  new AnswerError(`record ${number} has ${flaw} in ${path}, which no text file can hold`);

const quote = (value: string): string => (NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
