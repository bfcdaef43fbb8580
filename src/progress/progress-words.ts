import type { Pace } from './pace.ts';
import { expectedTotal, type ProgressFacts } from './progress-facts.ts';

export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** A rate: `2,131/s`, `4.2/s`. */
export const rateText = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : count(rate)}/s`;

/** A time to come, no finer than anybody can know it: `42 s`, `4 min 36 s`, `36 min`, `2 h 05 min`, `3 days`. */
export function leftText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${Math.floor(hours / 24)} days`;
}

/** Failures by kind, the most frequent first: `http_5xx 8, timeout 4`. */
export const kindsText = ({ failures }: Pick<ProgressFacts, 'failures'>): string =>
  Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, n]) => `${kind} ${count(n)}`)
    .join(', ');

/** `412,907 of ~1,000,000 (41 %)`; a total that is only expected has the mark before it. */
export function doneText(facts: ProgressFacts): string {
  const total = expectedTotal(facts);
  if (total === undefined) return `${count(facts.done)} of ?`;
  const percent = total === 0 ? 100 : Math.floor((100 * facts.done) / total);
  return `${count(facts.done)} of ${facts.list.isAtEnd ? '' : '~'}${count(total)} (${percent} %)`;
}

/** The progress as a line of plain text, for a file or a terminal that draws nothing in place. */
export function progressText(facts: ProgressFacts, pace: Pace): string {
  const { failed, inFlight, bound } = facts;
  const parts = [
    doneText(facts),
    `${rateText(pace.now)} now, ${rateText(pace.overall)} overall`,
    failed === 0 ? 'none failed' : `${count(failed)} failed (${kindsText(facts)})`,
    `${count(inFlight)} in flight${bound === undefined ? '' : ` (${bound})`}`,
    ...(pace.leftMs === undefined ? [] : [`${leftText(pace.leftMs)} left`]),
  ];
  return parts.join(', ');
}
