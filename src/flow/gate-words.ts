import type { Refusal } from '../channel/protocol.ts';

/** A time to wait in words: `0.4 s`, `30 s`, `10 min`. */
export function waitWords(ms: number): string {
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}

/** What a run ends with whose first customers were all refused alike. */
export function canaryWords({ reason, head }: Refusal, count: number): string {
  const who = count === 1 ? 'the first customer was refused' : `the first ${count} customers were all refused alike`;
  const shown = head === undefined ? '' : `; the answer begins: ${head}`;
  return `${who}: ${reason}${shown} (\`--canary 0\` asks all the same)`;
}

/** What a run ends with that would have to wait for too long. */
export const impatientWords = (what: string, patienceMs: number): string =>
  `${what}, longer than patience_seconds (${waitWords(patienceMs)}) allows`;
