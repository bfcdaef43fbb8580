import type { PositionSet } from '../journal/position-set.ts';
import type { SourceRow } from '../source/customer-list.ts';
import { show } from '../source/show.ts';
import { auditExceptions, auditFailed, auditResults } from './audit-files.ts';
import { blockOf, exceptionOf, failedLinesOf } from './expected-texts.ts';
import { findDifferences } from './find-differences.ts';
import { Findings } from './findings.ts';
import { type Balances, eachRow, rowName, type Subject } from './subject.ts';

/**
 * Names what the balances only know to differ, going through list and files again where they do; `missing` gets the
 * positions of the rows of which something is not there.
 */
export async function nameDifferences(subject: Subject, balances: Balances, missing: PositionSet): Promise<void> {
  const { findings, paths, recovered } = subject;
  // What else is wrong with a file was found the first time.
  const again: Subject = { ...subject, findings: new Findings() };
  const miss = (sort: string, sentence: (row: SourceRow) => string) => (row: SourceRow) => {
    if (missing.add(row.position)) findings.add(sort, sentence(row));
  };
  await findDifferences(balances.blocks, {
    seen: async (take) => void (await auditResults(again, take)),
    expected: (take) => eachRow(subject, (row) => takeAll(blockOf(recovered, row), row, take)),
    mayMerge: true,
    onMissing: miss(
      'lost',
      (row) => `${rowName(row)} has records, and none in the results: ${show(row.values[0] ?? '')}`,
    ),
    onSurplus: (customer, seen, expected) => findings.add('doubled', surplusBlock(customer, seen, expected)),
  });
  await findDifferences(balances.failedLines, {
    seen: (take) => auditFailed(again, take),
    expected: (take) => eachRow(subject, (row, list) => takeAll(failedLinesOf(recovered, row, list), row, take)),
    mayMerge: false,
    onMissing: miss('not failed', (row) => `${rowName(row)} failed, and is not in ${paths.failed} as it was`),
    onSurplus: (line, seen, expected) =>
      findings.add('failed', `${paths.failed} has ${seen - expected} times too often: ${show(line.trimEnd())}`),
  });
  await findDifferences(balances.exceptions, {
    seen: async (take) => void (await auditExceptions(again, take)),
    expected: (take) => eachRow(subject, (row) => takeAll(exceptionOf(recovered, row), row, take)),
    mayMerge: false,
    onMissing: (row) =>
      findings.add('no exception', `${rowName(row)} failed, and ${paths.exceptions} does not say why`),
    onSurplus: (text, seen, expected) =>
      findings.add('exceptions', `${paths.exceptions} has ${seen - expected} lines too many for ${show(text)}`),
  });
}

function takeAll(texts: string[], row: SourceRow, take: (text: string, row: SourceRow) => void): void {
  for (const text of texts) take(text, row);
}

function surplusBlock(customer: string, seen: number, expected: number): string {
  if (expected === 0) return `${show(customer)} stands in the results, and no row that is ok and has records is it`;
  return `${show(customer)} stands in the results ${seen} times apart, and has ${expected} rows that are ok`;
}
