import type { Death } from './forked-child.ts';

/** What a row has gone through with children that died while they held it. */
export interface Suspicion {
  /** Children that died while they held this row, alone or among others. */
  deaths: number;
  /** Those that died of themselves and held this row alone: by an exit code, an abort, a fault in memory, in silence. */
  crashesAlone: number;
  /** Those that were killed from outside, by a person or the kernel, and held this row alone: that says less about it. */
  killsAlone: number;
}

export const UNSUSPECTED: Suspicion = { deaths: 0, crashesAlone: 0, killsAlone: 0 };

/**
 * What happens to a row next: back to the queue, there with few others, to a child of its own, or to the failed file as
 * `worker_crash`.
 */
export type NextStep = 'again' | 'in_group' | 'alone' | 'give_up';

const OWN_SIGNALS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** Whether a child died of itself; one that was killed for its silence did, too. */
export const isOwnCrash = ({ signal, wasSilent }: Death): boolean =>
  signal === null || wasSilent || OWN_SIGNALS.has(signal);

/** The suspicion on a row after the death of a child that held it, alone or not. */
export function suspect({ deaths, crashesAlone, killsAlone }: Suspicion, death: Death, wasAlone: boolean): Suspicion {
  const alone = wasAlone ? 1 : 0;
  return isOwnCrash(death)
    ? { deaths: deaths + 1, crashesAlone: crashesAlone + alone, killsAlone }
    : { deaths: deaths + 1, crashesAlone, killsAlone: killsAlone + alone };
}

/** Whether a row is tried alone from here on. */
export const goesAlone = ({ deaths }: Suspicion): boolean => deaths >= 2;

/** Kills from outside that a row may meet while it is alone with a child: bad luck can do that twice, hardly three times. */
const MAX_KILLS_ALONE = 3;

/**
 * A child that crashes takes up to a window of innocent rows with it, so nobody is given up in company. After the first
 * death of its own a child's rows go on in small groups, so that the guilty one meets few of them again; after two deaths
 * of any kind a row is tried alone; alone it is given up when its child crashes, or is killed from outside again and
 * again. So a customer that crashes every child it meets costs three of them at most, and one shot at a bad moment costs
 * no customer.
 */
export function nextStep(suspicion: Suspicion, death: Death): NextStep {
  if (suspicion.crashesAlone >= 1 || suspicion.killsAlone >= MAX_KILLS_ALONE) return 'give_up';
  if (goesAlone(suspicion)) return 'alone';
  return isOwnCrash(death) ? 'in_group' : 'again';
}
