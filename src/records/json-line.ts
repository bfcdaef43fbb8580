import type { Field } from './field.ts';
import { fieldValue } from './field-value.ts';

/** JSON allows these within strings; programs that are careless of it end a line at them. */
const LINE_BREAKS = /[\x85\u2028\u2029]/g;

/**
 * A record's line, its line break included, an object: the customer, then the record as it was sent, or, where there are
 * `fields`, a member for each of them. Numbers keep the digits that were sent. The record stands in a member of its own,
 * so that it may have any members, or be no object at all.
 * Examples: `{"customer":"1001","record":{"id":7,"score":1.0}}`, `{"customer":"1001","id":7,"score":1.0}`
 */
export function jsonLine(values: readonly string[], record: unknown, fields: readonly Field[], number: number): string {
  const member = (field: Field) =>
    `,${JSON.stringify(field.name)}:${JSON.stringify(fieldValue(record, values, field, number))}`;
  const members = fields.length === 0 ? `,"record":${JSON.stringify(record)}` : fields.map(member).join('');
  const line = `{"customer":${JSON.stringify(values[0] ?? '')}${members}}\n`;
  return line.replace(LINE_BREAKS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
