import type { Field } from './field.ts';
import { fieldValue, valueText } from './field-value.ts';

/** How values become a line of text. */
export interface Dialect {
  separator: string;
  /** Ends each line. */
  eol: string;
  /** Whether the first line names the values. */
  hasHeader: boolean;
  /** A value so that it stays in its place. */
  escapeValue(value: string): string;
}

/**
 * What makes a value's quotes necessary: a comma, a double quote, anything that some program takes for the end of a line
 * (CR, LF, VT, FF, NEL, U+2028, U+2029), and white space at its ends, which readers trim.
 */
const NEEDS_QUOTES = /[",\n\r\v\f\x85\u2028\u2029]|^\s|\s$/;

/** As in RFC 4180, section 2, rules 5 to 7. */
const quote = (value: string): string => (NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** As PostgreSQL's COPY and MySQL's LOAD DATA read it back: `\\`, `\t`, `\n`, `\r`. */
const backslash = (value: string): string => value.replace(/[\\\t\n\r]/g, (c) => ESCAPED[c] ?? c);

export const DIALECTS = {
  /** The original's lines: `1001, 7, 0.93, "a, b"`. */
  text: { separator: ', ', eol: '\n', hasHeader: false, escapeValue: quote },
  /** RFC 4180: `1001,7,0.93,"a, b"`, lines ending in CR LF (rule 1), a header line (rule 3). */
  csv: { separator: ',', eol: '\r\n', hasHeader: true, escapeValue: quote },
  /** A line a record whatever is in it: `1001⇥7⇥a\tb`. */
  tsv: { separator: '\t', eol: '\n', hasHeader: true, escapeValue: backslash },
} as const satisfies Record<string, Dialect>;

/** The first line of a file, which names its values; empty where the dialect has none. */
export function headerLine(names: readonly string[], { hasHeader, escapeValue, separator, eol }: Dialect): string {
  return hasHeader ? `${names.map(escapeValue).join(separator)}${eol}` : '';
}

/**
 * A record's line, its line break included: the customer, the first of its row's `values`, then the fields. Throws `AnswerError` that names the record's
 * `number`, from 1, where a field is not there or does not fit into a line.
 */
export function delimitedLine(
  values: readonly string[],
  record: unknown,
  fields: readonly Field[],
  { separator, escapeValue, eol }: Dialect,
  number: number,
): string {
  let text = escapeValue(values[0] ?? '');
  for (const field of fields) {
    const value = fieldValue(record, values, field, number);
    text += `${separator}${typeof value === 'number' ? value : escapeValue(valueText(value, number, field.path))}`;
  }
  return `${text}${eol}`;
}
