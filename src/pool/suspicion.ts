import type { Death } from './forked-child.ts';

/** What a row has gone through with children that died while they held it. */
export interface Suspicion {
  /** Children that died of themselves: by an exit code, an abort, a fault in memory. */
  crashes: number;
  /** Children that were killed from outside, by a person or the kernel; that says less about the row. */
  kills: number;
}

export const UNSUSPECTED: Suspicion = { crashes: 0, kills: 0 };

/** What happens to a row next: back to the queue, to a child of its own, or to the failed file as `worker_crash`. */
export type NextStep = 'again' | 'alone' | 'give_up';

const OWN_SIGNALS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

const isOwnCrash = ({ signal }: Death): boolean => signal === null || OWN_SIGNALS.has(signal);

/** The suspicion on a row after the death of a child that held it. */
export function suspect(before: Suspicion, death: Death): Suspicion {
  const { crashes, kills } = before;
  return isOwnCrash(death) ? { crashes: crashes + 1, kills } : { crashes, kills: kills + 1 };
}

/**
 * A child that crashes takes up to a window of innocent rows with it, so nobody is given up in company: after one crash,
 * or two kills, a row is tried alone; alone it is given up at its second crash or its third death. A child that is shot
 * from outside at a bad moment therefore costs no customer.
 */
export function nextStep({ crashes, kills }: Suspicion, wasAlone: boolean): NextStep {
  if (wasAlone && (crashes >= 2 || crashes + kills >= 3)) return 'give_up';
  return crashes >= 1 || kills >= 2 ? 'alone' : 'again';
}
