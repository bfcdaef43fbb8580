import { AnswerError } from './answer-error.ts';
import { describeValue, excerpt } from './excerpt.ts';
import { compilePath } from './path.ts';

const SHOWN_LENGTH = 40;

/**
 * A function that says what is wrong where an answer's JSON does not have the customer, letter for letter, at a path:
 * answers that belong to another customer were seen on connections that are used again. Undefined where all is well.
 * Throws `UsageError` for a wrong path.
 */
export function createVerify(path: string): (json: unknown, customer: string) => string | undefined {
  const { get } = compilePath(path);
  return (json, customer) => {
    const found = textOf(valueAt(get, json));
    if (found.text === customer) return undefined;
    return `the answer is not this customer's: ${path} is ${found.words}`;
  };
}

function valueAt(get: (json: unknown) => unknown, json: unknown): unknown {
  try {
    return get(json);
  } catch (error) {
    if (error instanceof AnswerError) return undefined;
    throw error;
  }
}

/** A value as text, a number with the digits that were sent; no text for what can be no customer. */
function textOf(value: unknown): { text?: string; words: string } {
  if (typeof value === 'string') return { text: value, words: `"${excerpt(value, SHOWN_LENGTH)}"` };
  const text = typeof value === 'number' ? String(value) : JSON.isRawJSON(value) ? value.rawJSON : undefined;
  return text === undefined ? { words: describeValue(value) } : { text, words: excerpt(text, SHOWN_LENGTH) };
}
