import type { SlotState } from './child-slot.ts';
import type { Death } from './forked-child.ts';

/** Whether a child left as it should, after all that it sent was written. */
export const hasFinished = ({ exitCode }: Death, state: SlotState): boolean => state === 'free' && exitCode === 0;

/** How a child ended, in a few words: `finished`, `signal SIGKILL while working`. */
export function howEnded(death: Death, state: SlotState): string {
  const { signal, exitCode } = death;
  if (hasFinished(death, state)) return 'finished';
  return `${signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`} while ${state}`;
}

/** A sentence on a child's death: pid, how, in which state, what it held, its last words. */
export function describeDeath(death: Death, state: SlotState, held: number): string {
  const { pid, signal, exitCode, lastWords } = death;
  const who = pid === undefined ? 'A child could not be started' : `Child ${pid} died while ${state}`;
  const how = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  const back = held === 0 ? '' : `; ${held} ${held === 1 ? 'customer goes' : 'customers go'} back to the queue`;
  const said = lastWords === '' ? '' : `; it said: ${lastWords}`;
  return `${who} (${how})${back}${said}`;
}
