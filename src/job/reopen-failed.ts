import type { FailureKind } from '../channel/protocol.ts';
import { Journal } from '../journal/journal.ts';
import type { RetryRecord, Totals } from '../journal/journal-records.ts';
import { PositionSet } from '../journal/position-set.ts';
import { rangesOf } from '../journal/ranges.ts';
import type { Recovered } from '../journal/recover.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { OutputFile } from '../output/output-file.ts';
import { removeDurably, removeNew, writeNew } from '../output/replace-file.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { failedHeadOf } from './begin-run.ts';
import { readExceptions } from './read-exceptions.ts';

/** The failed rows that are asked for again, and how many there are of each kind. */
export interface RetryPlan {
  reopened: PositionSet;
  failures: Partial<Record<FailureKind, number>>;
}

const ROWS_AT_ONCE = 1000;

/** Which failed rows are of these kinds; of all kinds where there are none. Throws where the exceptions file is in doubt. */
export async function planRetry(
  recovered: Recovered,
  exceptionsPath: string,
  kinds: readonly FailureKind[],
): Promise<RetryPlan> {
  const plan: RetryPlan = { reopened: new PositionSet(), failures: {} };
  for await (const entries of readExceptions(recovered, exceptionsPath)) {
    for (const { position, kind } of entries) {
      if (kinds.length > 0 && !kinds.includes(kind)) continue;
      plan.reopened.add(position);
      plan.failures[kind] = (plan.failures[kind] ?? 0) + 1;
    }
  }
  return plan;
}

/**
 * Makes the planned rows unsettled again; when it resolves, the journal says so, and going on with the run asks for them.
 * Each step leaves a run that can go on: (1) the failed and exceptions files without these rows are written beside the
 * old ones; (2) the summary, which would say that the run is over, is taken away; (3) the journal's record makes it so.
 * Whoever takes the run up replaces the files (`replaceFailed`): before (3) nothing is replaced, after it everything is.
 */
export async function reopenFailed(
  list: CustomerList,
  recovered: Recovered,
  paths: RunPaths,
  { reopened, failures }: RetryPlan,
): Promise<void> {
  const isKept = (position: number) => recovered.failed.has(position) && !reopened.has(position);
  const isAnyKept = reopened.size < recovered.failed.size;
  const failed = isAnyKept ? await writeFailed(list, paths.failed, isKept) : await writeNone(paths.failed);
  const exceptions = isAnyKept ? await writeExceptions(recovered, paths, isKept) : await writeNone(paths.exceptions);
  await removeDurably(paths.summary);
  await enter(paths.journal, recovered.tail.validBytes, {
    type: 'retry',
    at: new Date().toISOString(),
    reopened: rangesOf([...reopened.values()]),
    lengths: { ...recovered.lengths, failed, exceptions },
    totals: totalsWithout(recovered.totals, failures),
  });
}

/** From the list, in its order: that a row may have several lines, and what they look like, is the list's to know. */
function writeFailed(list: CustomerList, path: string, isKept: (position: number) => boolean): Promise<number> {
  return writeNew(path, async (file) => {
    await file.append(failedHeadOf(list));
    const eol = Buffer.from(list.eol);
    for (let rows = await list.next(ROWS_AT_ONCE); rows.length > 0; rows = await list.next(ROWS_AT_ONCE)) {
      const kept = rows.filter(({ position }) => isKept(position));
      await file.append(Buffer.concat(kept.flatMap(({ raw }) => [Buffer.from(raw), eol])));
    }
  });
}

function writeExceptions(
  recovered: Recovered,
  paths: RunPaths,
  isKept: (position: number) => boolean,
): Promise<number> {
  return writeNew(paths.exceptions, async (file) => {
    for await (const entries of readExceptions(recovered, paths.exceptions)) {
      const kept = entries.filter(({ position }) => isKept(position));
      await file.append(Buffer.concat(kept.map(({ bytes }) => bytes)));
    }
  });
}

/** No failures, no file. */
async function writeNone(path: string): Promise<0> {
  await removeNew(path);
  return 0;
}

/** Requests that were made stay counted. */
export function totalsWithout(totals: Totals, taken: RetryPlan['failures']): Totals {
  const left = Object.entries(totals.failures).map(([kind, count]) => {
    const now = Object.entries(taken).find(([name]) => name === kind)?.[1] ?? 0;
    return [kind, count - now] as const;
  });
  return { ...totals, failures: Object.fromEntries(left.filter(([, count]) => count > 0)) };
}

async function enter(path: string, validBytes: number, record: RetryRecord): Promise<void> {
  const journal = new Journal(await OutputFile.reopen(path, validBytes), { intervalMs: 0 });
  try {
    await journal.record(record);
  } finally {
    await journal.close();
  }
}
