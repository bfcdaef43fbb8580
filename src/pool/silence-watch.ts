import type { ChildSlot } from './child-slot.ts';

/** Children are looked after so many times in the time that one may be silent. */
const TURNS = 5;

/** A child may take so long to start, where many start at once on a small machine. */
const START_LIMIT_MS = 60_000;

/**
 * Kills children that are not heard of for too long. Turns are counted, not time: while the parent itself stands still (a
 * stopped group, a machine that slept), nobody is silent. One turn more than the limit, since the first may come at once.
 */
export function watchSilence(
  slots: Iterable<ChildSlot>,
  silenceMs: number,
  onKill: (message: string) => void,
): NodeJS.Timeout {
  return setInterval(() => {
    for (const slot of slots) {
      const usualMs = slot.state === 'starting' ? Math.max(silenceMs, START_LIMIT_MS) : silenceMs;
      const limitMs = usualMs + slot.busyLimitMs;
      if (slot.countSilence() !== Math.ceil((limitMs / silenceMs) * TURNS) + 1) continue;
      onKill(`Child ${slot.pid} has not been heard of for ${limitMs / 1000} s and is killed`);
      slot.killSilent();
    }
  }, silenceMs / TURNS);
}
