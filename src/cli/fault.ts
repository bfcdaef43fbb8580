import { exitCodeFor, tellError } from '../job/exit-code.ts';
import { sayLine } from './say-line.ts';

let advice: string | undefined;
let redact = (text: string): string => text;

/** What hides secrets, should a fault of ours end the program from now on. */
export function redactFaults(hide: (text: string) => string): void {
  redact = hide;
}

/** What a person is then told to do next. */
export function adviseOnFault(words: string): void {
  advice = words;
}

/** Tells an error; gives its exit code. */
export function tellAndJudge(error: unknown): number {
  sayLine(redact, tellError(error));
  return exitCodeFor({ is: 'error', error });
}

/**
 * A fault of ours: nothing can be trusted any more, so nothing more is written. The journal vouches for what was, the
 * children leave when their channel closes, and the run can go on. Node itself would say 1, which means something else.
 */
export function leaveOnFault(error: unknown): never {
  const exitCode = tellAndJudge(error);
  if (advice !== undefined) sayLine(redact, advice);
  process.exit(exitCode);
}
