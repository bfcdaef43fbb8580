import type { FieldSetting, OutputFormat } from '../channel/protocol.ts';
import { AnswerError } from './answer-error.ts';
import { compileFields } from './field.ts';
import { createFormat } from './format.ts';
import { compilePath } from './path.ts';
import { selectRecords } from './select.ts';

/**
 * A function from an answer's JSON to finished lines, each ending in a line break; empty where there are no records. `records`
 * is the path to the array, `fields` what stands in a line, `placeholders` those whose values a row has beside the customer.
 * Throws `UsageError` for a wrong path, the function
 * `AnswerError` for an answer without what is asked for.
 */
export function createReadRecords(
  settings: { records: string; fields: readonly FieldSetting[]; format: OutputFormat },
  placeholders: readonly string[] = [],
): (json: unknown, values: readonly string[]) => { text: string; records: number } {
  const path = compilePath(settings.records);
  const { fields } = compileFields(settings.fields, placeholders);
  const formatRecords = createFormat(settings.format, fields);
  return (json, values) => {
    const records = selectRecords(json, path);
    return { text: orTooDeep(() => formatRecords(values, records)), records: records.length };
  };
}

/** `JSON.stringify` of a value that is nested deeply enough to exhaust the stack is the answer's fault, not ours. */
function orTooDeep(format: () => string): string {
  try {
    return format();
  } catch (error) {
    throw error instanceof RangeError ? new AnswerError('a record is nested too deeply') : error;
  }
}
