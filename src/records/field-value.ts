import { AnswerError } from './answer-error.ts';
import { describeValue } from './excerpt.ts';
import type { Field } from './field.ts';

/** The value of a field. Throws `AnswerError` where the record has none, or is no object. */
export function fieldValue(record: unknown, values: readonly string[], field: Field, number: number): unknown {
  if (typeof record !== 'object' || record === null || JSON.isRawJSON(record)) {
    throw new AnswerError(`record ${number} is ${describeValue(record)}, not an object`);
  }
  const value = field.get(record, values);
  if (value === undefined) throw new AnswerError(`record ${number} has no ${field.path}`);
  return value;
}

/** Where a value was found, for the message about one that does not fit. */
interface ValuePlace {
  /** The record's number in its answer, from 1. */
  number: number;
  field: string;
}

/**
 * A value as the text that stands for it in a line: a string as it is, a number with the digits that were sent, null as
 * nothing, an array or object as JSON. Throws `AnswerError` for text that no text file can hold.
 */
export function valueText(value: unknown, number: number, field: string): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    if (value.includes('\0')) throw unfit('a NUL character', { number, field });
    if (!value.isWellFormed()) throw unfit('half a surrogate pair', { number, field });
    return value;
  }
  if (typeof value !== 'object') return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : JSON.stringify(value);
}

const unfit = (flaw: string, { number, field }: ValuePlace): AnswerError =>
  new AnswerError(`record ${number} has ${flaw} in ${field}, which no text file can hold`);
