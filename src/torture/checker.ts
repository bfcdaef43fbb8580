import { checkEndings } from './check-endings.ts';
import { checkOrder } from './check-order.ts';
import { askedAgain, checkRepetition } from './check-repetition.ts';
import { checkSums } from './check-sums.ts';
import { checkText } from './check-text.ts';
import { classify } from './classify.ts';
import type { Evidence, Snapshot, Verdict } from './evidence.ts';
import { readRunFiles } from './run-files.ts';

/**
 * Judges a run that has ended, from outside: from its list, its files, its exit codes, and the endpoint's log of
 * requests. It shares no code with the program; what must stand in the files it knows from the endpoint.
 */
export function checkRun(evidence: Evidence): Verdict {
  const files = readRunFiles(evidence.folder, evidence.stamp, evidence.shape);
  const { classes, violations } = classify(evidence, files);
  return {
    violations: [
      ...violations,
      ...checkOrder(evidence, files),
      ...checkText(files),
      ...checkRepetition(evidence),
      ...checkEndings(evidence),
      ...checkSums(evidence, files),
    ],
    classes,
    again: askedAgain(evidence.starts),
  };
}

/**
 * What the files of the newest run say now; to be taken when a start has ended and before the next. Where failed
 * customers are to be asked for again, they are not settled for good.
 */
export function snapshotOf(
  { folder, rows, shape }: Pick<Evidence, 'folder' | 'rows' | 'shape'>,
  stamp: string | undefined,
  isRetried: boolean,
): Snapshot {
  if (stamp === undefined) return { hasJournal: false, settled: new Set(), written: new Set() };
  const { journal, results, failed } = readRunFiles(folder, stamp, shape);
  const customerAt = (position: number): string => rows[position]?.customer ?? '';
  const failedRaws = new Set(failed.lines);
  const failedCustomers = rows.filter(({ raw }) => failedRaws.has(raw)).map(({ customer }) => customer);
  return {
    hasJournal: journal.isBegun,
    settled: new Set([...journal.ok, ...(isRetried ? [] : journal.failed)].map(customerAt)),
    written: new Set([...results.records.map(({ customer }) => customer), ...failedCustomers]),
  };
}
