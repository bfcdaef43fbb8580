import { compileJmespath, isPlainPath, pathExpectation } from '../config/path-rule.ts';
import { UsageError } from '../errors.ts';
import { AnswerError } from './answer-error.ts';

/** A path into an answer or a record, taken apart once. `get` gives undefined where there is nothing at it. */
export interface Path {
  path: string;
  get(value: unknown): unknown;
}

/**
 * Compiles a path: names joined by dots, each an own property or the index of an array element (from 0), `@` being the
 * whole; or else JMESPath (https://jmespath.site), for which `null` and nothing are the same. Throws `UsageError` where it
 * is neither; `get` throws `AnswerError` where an expression cannot be applied to what came.
 */
export function compilePath(path: string): Path {
  const expected = pathExpectation(path);
  if (expected !== undefined) throw new UsageError(`"${path}" is not a path: expected ${expected}`);
  if (!isPlainPath(path)) return { path, get: expressionOf(path) };
  if (path === '@') return { path, get: (value) => value };
  const names = path.split('.');
  const [only] = names;
  if (names.length === 1 && only !== undefined) return { path, get: (value) => child(value, only) };
  return { path, get: (value) => names.reduce(child, value) };
}

function expressionOf(expression: string): (value: unknown) => unknown {
  const search = compileJmespath(expression);
  return (value) => {
    try {
      const found = search(value);
      // The library looks along the prototype: `constructor` is a function, and none of the answer's.
      return found === null || typeof found === 'function' ? undefined : found;
    } catch (error) {
      throw new AnswerError(
        `${expression} cannot be applied: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

function child(value: unknown, name: string): unknown {
  if (!isContainer(value) || !Object.hasOwn(value, name)) return undefined;
  // An array's `length` is an own property too, and none of the answer's.
  return Array.isArray(value) && name === 'length' ? undefined : value[name];
}

/** Whether a value has members; a number that keeps its digits is an object to JavaScript only. */
export const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
