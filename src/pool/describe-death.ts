import type { SlotState } from './child-slot.ts';
import type { Death } from './forked-child.ts';

/** How a child ended, in a few words: `finished`, `signal SIGKILL while working`. */
export function howEnded({ signal, exitCode }: Death, state: SlotState): string {
  if (state === 'free' && exitCode === 0) return 'finished';
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
