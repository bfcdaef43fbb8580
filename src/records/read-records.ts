import { AnswerError } from './answer-error.ts';
import { formatRecords } from './format.ts';
import { compilePath } from './path.ts';
import { parseAnswer } from './read-answer.ts';
import { selectRecords } from './select.ts';

/** As much of an answer as the records need. */
interface AnswerBody {
  body: Uint8Array;
  headers: { 'content-type'?: string | undefined };
}

/**
 * A function from an answer to finished lines, each ending in a line break; empty where there are no records. `records`
 * is the path to the array, `fields` the paths in a record. Throws `UsageError` for a wrong path, the function
 * `AnswerError` for an answer without what is asked for.
 */
export function createReadRecords(settings: {
  records: string;
  fields: readonly string[];
}): (answer: AnswerBody, customer: string) => { text: string; records: number } {
  const path = compilePath(settings.records);
  const fields = settings.fields.map(compilePath);
  return (answer, customer) => {
    const value = parseAnswer(answer.body, answer.headers['content-type']);
    const records = selectRecords(value, path);
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
