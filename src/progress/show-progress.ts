import { sayProgress } from './plain-progress.ts';
import type { ProgressFacts } from './progress-facts.ts';
import { drawProgress, NO_PROGRESS, type Progress } from './terminal-progress.ts';

/** How progress is shown: drawn in place, said in lines, or not at all. */
export type ProgressKind = 'drawn' | 'said' | 'none';

/**
 * A terminal has it drawn in place. One that cannot move its cursor, or that a build server reads (`CI`), gets lines; so
 * does whatever is no terminal, where that is asked for (`--verbose`), since a scheduler mails what it gets.
 */
export function progressKind(isTerminal: boolean, isVerbose: boolean, env: NodeJS.ProcessEnv): ProgressKind {
  const canDraw = isTerminal && env.TERM !== 'dumb' && !isSet(env.CI);
  if (canDraw) return 'drawn';
  return isTerminal || isVerbose ? 'said' : 'none';
}

/** https://no-color.org: any value but none. */
export const wantsColours = (env: NodeJS.ProcessEnv): boolean => !isSet(env.NO_COLOR);

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

export interface ShowOptions {
  isVerbose: boolean;
  /** Between two lines, where lines are said. */
  intervalMs: number;
  say(line: string): void;
}

/** Begins to show progress on standard error, in the way that fits it. */
export function showProgress(read: () => ProgressFacts, { isVerbose, intervalMs, say }: ShowOptions): Progress {
  const { stderr, env } = process;
  const kind = progressKind(stderr.isTTY, isVerbose, env);
  if (kind === 'drawn') return drawProgress(stderr, read, wantsColours(env));
  return kind === 'said' ? sayProgress(say, read, intervalMs) : NO_PROGRESS;
}
