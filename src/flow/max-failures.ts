import type { FailureLimit } from '../config/failure-limit-rule.ts';

/** A share is judged once so many customers are settled: of the first three one is a third. */
const SAMPLE = 100;

/** Whether more customers have failed than may, of those that are settled. */
export function isTooMany(limit: FailureLimit, failed: number, settled: number): boolean {
  if ('count' in limit) return failed > limit.count;
  return settled >= SAMPLE && failed > limit.share * settled;
}

/** What a run ends with in which too many failed. */
export function tooManyWords(limit: FailureLimit, failed: number, settled: number): string {
  const allowed = 'count' in limit ? limit.count : `${Number((limit.share * 100).toFixed(4))}%`;
  const count = (n: number) => n.toLocaleString('en-US');
  return `${count(failed)} of ${count(settled)} customers failed, more than max_failures (${allowed}) allows`;
}
