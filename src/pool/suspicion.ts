import type { Death } from './forked-child.ts';

/** What a row has gone through with children that died while they held it. */
export interface Suspicion {
  /** Children that died of themselves: by an exit code, an abort, a fault in memory, or in silence. */
  crashes: number;
  /** Children that were killed from outside, by a person or the kernel; that says less about the row. */
  kills: number;
  /** Those of the kills that came while the child held this row alone. */
  killsAlone: number;
}

export const UNSUSPECTED: Suspicion = { crashes: 0, kills: 0, killsAlone: 0 };

/** What happens to a row next: back to the queue, to a child of its own, or to the failed file as `worker_crash`. */
export type NextStep = 'again' | 'alone' | 'give_up';

const OWN_SIGNALS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** Whether a child died of itself; one that was killed for its silence did, too. */
export const isOwnCrash = ({ signal, wasSilent }: Death): boolean =>
  signal === null || wasSilent || OWN_SIGNALS.has(signal);

/** The suspicion on a row after the death of a child that held it, alone or not. */
export function suspect({ crashes, kills, killsAlone }: Suspicion, death: Death, wasAlone: boolean): Suspicion {
  if (isOwnCrash(death)) return { crashes: crashes + 1, kills, killsAlone };
  return { crashes, kills: kills + 1, killsAlone: killsAlone + (wasAlone ? 1 : 0) };
}

/** Kills from outside that a row may meet while it is alone with a child: bad luck can do that twice, hardly three times. */
const MAX_KILLS_ALONE = 3;

/**
 * A child that crashes takes up to a window of innocent rows with it, so nobody is given up in company: after one crash,
 * or two kills, a row is tried alone; alone it is given up at its second crash, or when its child was killed from outside
 * again and again. A child that is shot at a bad moment costs no customer.
 */
export function nextStep({ crashes, kills, killsAlone }: Suspicion, wasAlone: boolean): NextStep {
  if (wasAlone && (crashes >= 2 || killsAlone >= MAX_KILLS_ALONE)) return 'give_up';
  return crashes >= 1 || kills >= 2 ? 'alone' : 'again';
}
