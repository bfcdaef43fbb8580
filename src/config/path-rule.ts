import { createRequire } from 'node:module';
import type { compile, TreeInterpreter } from '@jmespath-community/jmespath';

/** As much of the library as we use. */
interface Jmespath {
  compile: typeof compile;
  TreeInterpreter: typeof TreeInterpreter;
}

/** What means something in JMESPath: a text without it is names joined by dots, and needs no library. */
const OPERATORS = /[[\](){}|&!<>=*`'",@:?+/%\\^~;#$]/;
const CONTROL = /[\u0000-\u001f\u007f]/;

const require = createRequire(import.meta.url);

/** The library is loaded where a path needs it, and then at once: paths are compiled while a child starts. */
const jmespath = (): Jmespath => require('@jmespath-community/jmespath');

/** Whether a path is `@` or names joined by dots, such as `result.details` or `items.0.display-name`. */
export const isPlainPath = (path: string): boolean => path === '@' || !OPERATORS.test(path);

/** What a path should be and is not, as a phrase after "expected"; undefined where nothing is wrong. */
export function pathExpectation(path: string): string | undefined {
  if (CONTROL.test(path)) return 'a path without control characters';
  if (isPlainPath(path)) {
    return path.split('.').includes('') ? 'names joined by dots such as result.details, or JMESPath' : undefined;
  }
  try {
    jmespath().compile(path);
    return undefined;
  } catch (error) {
    return `JMESPath (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** A function from a JSON value to what a JMESPath expression finds in it, `null` where that is nothing. Throws on a wrong one. */
export function compileJmespath(expression: string): (value: unknown) => unknown {
  const { compile, TreeInterpreter } = jmespath();
  const node = compile(expression);
  return (value) => TreeInterpreter.search(node, value as Parameters<typeof TreeInterpreter.search>[1]);
}
