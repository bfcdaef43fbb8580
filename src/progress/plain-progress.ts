import { Pace } from './pace.ts';
import { expectedTotal, type ProgressFacts } from './progress-facts.ts';
import { progressText } from './progress-words.ts';
import type { Progress } from './terminal-progress.ts';

/** The progress as a line of plain text every so often, for a file, or a terminal on which nothing is drawn in place. */
export function sayProgress(say: (line: string) => void, read: () => ProgressFacts, intervalMs: number): Progress {
  const pace = new Pace(performance.now(), read().done);
  const timer = setInterval(() => {
    const facts = read();
    pace.update(performance.now(), facts.done, expectedTotal(facts));
    say(progressText(facts, pace));
  }, intervalMs);
  return { clear: () => {}, stop: () => clearInterval(timer) };
}
