import type { ChildLife } from '../metrics/child-life.ts';
import type { Death } from './forked-child.ts';
import type { SortedRows } from './sort-held.ts';
import { isOwnCrash } from './suspicion.ts';

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
  return placePauseMs(deathsInARow);
}

/** Milliseconds for which a place rests after so many quick deaths there, one after another. A first one costs no pause. */
export const placePauseMs = (quickDeaths: number): number =>
  quickDeaths <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (quickDeaths - 2));

/** What the log says of a place that rests. */
export const restWords = (pauseMs: number, deaths: number): string =>
  `The next child in that place begins in ${Math.ceil(pauseMs / 100) / 10} s: ${deaths} quick ${deaths === 1 ? 'death' : 'deaths'} there, one after another`;

/** A child that dies sooner has failed quickly, whatever it did until then. */
const QUICK_LIFE_MS = 5000;

/** Whether a child that died was of hardly any use: it settled nothing, or lived for a few seconds only. */
export const diedQuickly = ({ from, to, ok, failed }: Pick<ChildLife, 'from' | 'to' | 'ok' | 'failed'>): boolean =>
  ok + failed === 0 || to - from < QUICK_LIFE_MS;

/** A child that was killed from outside says little of the next one. */
const KILL_WEIGHT = 0.1;
/** Where one customer is found guilty, the child is hardly: but when all are found so, something else is wrong. */
const GIVEN_UP_WEIGHT = 0.25;

/** What a death counts for among those in a row; `sorted` is what became of the rows that the child held. */
export function deathWeight(death: Death, { givenUp }: SortedRows): number {
  if (!isOwnCrash(death)) return KILL_WEIGHT;
  return givenUp.length > 0 ? GIVEN_UP_WEIGHT : 1;
}
