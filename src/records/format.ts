import type { FieldSetting, OutputFormat } from '../channel/protocol.ts';
import { DIALECTS, delimitedLine, headerLine } from './delimited.ts';
import { compileFields, type Field } from './field.ts';
import { jsonLine } from './json-line.ts';

/**
 * The records of a customer, whose row has these values, as whole lines, each with its line break; no records, no lines.
 * Throws `AnswerError` for a record that cannot become one.
 */
export type FormatRecords = (values: readonly string[], records: readonly unknown[]) => string;

export function createFormat(format: OutputFormat, fields: readonly Field[]): FormatRecords {
  const lineOf = lineFormat(format, fields);
  return (values, records) => {
    let text = '';
    for (let at = 0; at < records.length; at += 1) text += lineOf(values, records[at], at + 1);
    return text;
  };
}

type FormatRecord = (values: readonly string[], record: unknown, number: number) => string;

function lineFormat(format: OutputFormat, fields: readonly Field[]): FormatRecord {
  if (format === 'ndjson') return (values, record, number) => jsonLine(values, record, fields, number);
  const dialect = DIALECTS[format];
  return (values, record, number) => delimitedLine(values, record, fields, dialect, number);
}

/** What says how lines look. */
export interface LineSettings {
  output_format: OutputFormat;
  fields: readonly FieldSetting[];
}

/** What results begin with: the line that names their values, its line break included, or nothing. */
export function headOf(settings: LineSettings): string {
  const { output_format: format } = settings;
  return format === 'ndjson' ? '' : headerLine(valueNames(settings), DIALECTS[format]);
}

/** The names of the values in a line, in their order. */
export function valueNames({ output_format: format, fields }: LineSettings): string[] {
  if (format === 'ndjson' && fields.length === 0) return ['customer', 'record'];
  return ['customer', ...compileFields(fields).fields.map(({ name }) => name)];
}
