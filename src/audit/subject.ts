import { existsSync } from 'node:fs';
import type { Settings } from '../config/schema.ts';
import { openListAt } from '../job/open-source.ts';
import type { ReadSummary } from '../job/read-summary.ts';
import type { Recovered } from '../journal/recover.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { newPathOf } from '../output/replace-file.ts';
import type { CustomerList, SourceRow } from '../source/customer-list.ts';
import { Balance } from './balance.ts';
import type { Findings } from './findings.ts';

/** What is audited, and what every part of the audit needs of it. */
export interface Subject {
  settings: Settings;
  recovered: Recovered;
  /** Its files; the failed and exceptions files are those that count, though they may not stand in their place yet. */
  paths: RunPaths;
  summary: ReadSummary | undefined;
  findings: Findings;
}

/** What ought to be in the files against what is there. */
export interface Balances {
  /** Customers of the ok rows that have records, against those of the blocks in the results. */
  blocks: Balance;
  /** Lines of the failed rows, as they were, against those of the failed file. */
  failedLines: Balance;
  /** Position and customer of the failed rows, against those of the exceptions file. */
  exceptions: Balance;
}

export const newBalances = (): Balances => ({
  blocks: new Balance(),
  failedLines: new Balance(),
  exceptions: new Balance(),
});

/** The files that count: a retry that was entered into the journal may not have put its new ones in their place. */
export function effectivePaths(paths: RunPaths, { pendingRetry }: Recovered): RunPaths {
  if (pendingRetry === undefined) return paths;
  const effective = (path: string) => (existsSync(newPathOf(path)) ? newPathOf(path) : path);
  return { ...paths, failed: effective(paths.failed), exceptions: effective(paths.exceptions) };
}

const ROWS_AT_ONCE = 1000;

/** Goes through the run's list; `take` also gets the list itself, for what all its rows share. */
export async function eachRow(
  { settings, recovered }: Subject,
  take: (row: SourceRow, list: CustomerList) => void,
): Promise<void> {
  const list = await openListAt(recovered.run.source.path, settings);
  try {
    for (let rows = await list.next(ROWS_AT_ONCE); rows.length > 0; rows = await list.next(ROWS_AT_ONCE)) {
      for (const row of rows) take(row, list);
    }
  } finally {
    await list.close();
  }
}

/** A row in a message: where it stands in the list. */
export const rowName = ({ position, line }: SourceRow): string => `row ${position + 1} (line ${line} of the list)`;
