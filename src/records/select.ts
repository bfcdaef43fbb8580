import { UsageError } from '../errors.ts';
import { AnswerError } from './answer-error.ts';
import { describeValue, excerpt } from './excerpt.ts';

/** A path into an answer or a record, taken apart once. `get` gives undefined where there is nothing at it. */
export interface Path {
  path: string;
  get(value: unknown): unknown;
}

const MAX_NAMES = 8;
const MAX_NAME_LENGTH = 40;

/**
 * Compiles names joined by dots, each an own property or the index of an array element (from 0); `@` is the whole.
 * Throws `UsageError` where a name is empty.
 */
export function compilePath(path: string): Path {
  if (path === '@') return { path, get: (value) => value };
  const names = path.split('.');
  if (names.includes(''))
    throw new UsageError(`"${path}" is not a path: write names joined by dots, or @ for the whole`);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return { path, get: (value) => child(value, only) };
  return { path, get: (value) => names.reduce(child, value) };
}

/** The records at a path, as they are. Throws `AnswerError` that names the path and what is there instead. */
export function selectRecords(answer: unknown, { path, get }: Path): unknown[] {
  const records = get(answer);
  if (Array.isArray(records)) return records;
  if (records === undefined) throw new AnswerError(`there is no ${path} in the answer (${contentsOf(answer)})`);
  throw new AnswerError(`${path === '@' ? 'the answer' : path} is ${describeValue(records)}, not an array`);
}

function child(value: unknown, name: string): unknown {
  if (!isContainer(value) || !Object.hasOwn(value, name)) return undefined;
  // An array's `length` is an own property too, and none of the answer's.
  return Array.isArray(value) && name === 'length' ? undefined : value[name];
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !JSON.isRawJSON(value);

function contentsOf(answer: unknown): string {
  if (!isContainer(answer) || Array.isArray(answer)) return `it is ${describeValue(answer)}`;
  const names = Object.keys(answer);
  if (names.length === 0) return 'it is an empty object';
  const shown = names.slice(0, MAX_NAMES).map((name) => excerpt(name, MAX_NAME_LENGTH));
  return `it has: ${shown.join(', ')}${names.length > MAX_NAMES ? ', …' : ''}`;
}
