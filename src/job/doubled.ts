import type { Settings } from '../config/schema.ts';
import type { PositionSet } from '../journal/position-set.ts';
import type { ExceptionFacts } from '../output/exception-line.ts';
import type { AskedOnceFacts, SettledFate } from '../pool/asked-once.ts';
import { askedFor, type DoubledRows, findDoubledRows } from '../source/doubled-rows.ts';
import { openListAt } from './open-source.ts';

const ROWS_AT_ONCE = 1000;

/** What a run had settled before this start. */
export interface SettledBefore {
  ok: PositionSet;
  /** What is not to be asked for again; `exceptions` says why it failed. */
  failed: PositionSet;
  exceptions(): AsyncIterable<ExceptionFacts[]>;
}

/** Which rows ask for the same, where each is to be asked for once; undefined where each row stands for itself. */
export async function askedOnceOf(
  settings: Settings,
  path: string,
  before?: SettledBefore,
): Promise<AskedOnceFacts | undefined> {
  if (!settings.unique_customers) return undefined;
  const rows = await doubledRowsOf(settings, path);
  const settledBefore =
    before === undefined || rows.count === 0 ? new Map() : await fatesOf(rows, settings, path, before);
  return { rows, settledBefore };
}

/** Goes through the list once for rows that ask for the same. */
export async function doubledRowsOf(settings: Settings, path: string): Promise<DoubledRows> {
  const list = await openListAt(path, settings);
  try {
    return await findDoubledRows(list);
  } finally {
    await list.close();
  }
}

/** What became of that which is asked for more than once: ok where one of its rows is. */
async function fatesOf(
  rows: DoubledRows,
  settings: Settings,
  path: string,
  { ok, failed, exceptions }: SettledBefore,
): Promise<Map<string, SettledFate>> {
  const fates = new Map<string, SettledFate>();
  const failedAt = new Map<number, string>();
  for await (const { position, asked } of doubledIn(rows, settings, path)) {
    if (ok.has(position)) fates.set(asked, { is: 'ok' });
    else if (failed.has(position)) failedAt.set(position, asked);
  }
  if (failedAt.size === 0) return fates;
  for await (const some of exceptions()) {
    for (const facts of some) {
      const asked = failedAt.get(facts.position);
      if (asked !== undefined && !fates.has(asked)) fates.set(asked, fateOf(facts));
    }
  }
  return fates;
}

/** Rows that are asked for together with another one. */
async function* doubledIn(rows: DoubledRows, settings: Settings, path: string) {
  const list = await openListAt(path, settings);
  try {
    for (let some = await list.next(ROWS_AT_ONCE); some.length > 0; some = await list.next(ROWS_AT_ONCE)) {
      for (const row of some) {
        const asked = askedFor(row);
        if (row.problem === undefined && rows.mayBeDoubled(asked)) yield { position: row.position, asked };
      }
    }
  } finally {
    await list.close();
  }
}

const fateOf = ({ kind, status, reason }: ExceptionFacts): SettledFate => ({
  is: 'failed',
  failure: { kind, reason, attempts: 0, elapsedMs: 0, ...(status !== undefined && { status }) },
  time: Date.now(),
});
