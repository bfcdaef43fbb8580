import { AnswerError } from './answer-error.ts';
import { formatRecords } from './format.ts';
import { compilePath } from './path.ts';
import { selectRecords } from './select.ts';

/**
 * A function from an answer's JSON to finished lines, each ending in a line break; empty where there are no records. `records`
 * is the path to the array, `fields` the paths in a record. Throws `UsageError` for a wrong path, the function
 * `AnswerError` for an answer without what is asked for.
 */
export function createReadRecords(settings: {
  records: string;
  fields: readonly string[];
}): (json: unknown, customer: string) => { text: string; records: number } {
  const path = compilePath(settings.records);
  const fields = settings.fields.map(compilePath);
  return (json, customer) => {
    const records = selectRecords(json, path);
    return { text: orTooDeep(() => formatRecords(customer, records, fields)), records: records.length };
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
