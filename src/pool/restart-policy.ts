/** Children that may die one after another, none of them having settled a row, before the run ends. */
const MIN_DEATHS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Milliseconds to wait before the next child is forked, growing while children die without having done anything;
 * `undefined` when it is pointless: then no child can be kept alive. A first death costs no pause.
 */
export function restartPauseMs(deathsInARow: number, processCount: number): number | undefined {
  if (deathsInARow >= Math.max(MIN_DEATHS, 2 * processCount)) return undefined;
  if (deathsInARow <= 1) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deathsInARow - 2));
}
