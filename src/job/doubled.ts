import type { Settings } from '../config/schema.ts';
import type { PositionSet } from '../journal/position-set.ts';
import type { AskedOnceFacts } from '../pool/asked-once.ts';
import { askedFor, type DoubledRows, findDoubledRows } from '../source/doubled-rows.ts';
import { openListAt } from './open-source.ts';

const ROWS_AT_ONCE = 1000;

/** Which rows ask for the same, where each is to be asked for once; undefined where each row stands for itself. */
export async function askedOnceOf(
  settings: Settings,
  path: string,
  ok?: PositionSet,
): Promise<AskedOnceFacts | undefined> {
  if (!settings.unique_customers) return undefined;
  const rows = await doubledRowsOf(settings, path);
  const settledBefore = ok === undefined || rows.count === 0 ? [] : await okAmong(rows, settings, path, ok);
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

/** What is asked for more than once, and is ok in one of its rows. */
async function okAmong(rows: DoubledRows, settings: Settings, path: string, ok: PositionSet): Promise<Set<string>> {
  const found = new Set<string>();
  const list = await openListAt(path, settings);
  try {
    for (let some = await list.next(ROWS_AT_ONCE); some.length > 0; some = await list.next(ROWS_AT_ONCE)) {
      for (const row of some) {
        if (!ok.has(row.position)) continue;
        const asked = askedFor(row);
        if (rows.mayBeDoubled(asked)) found.add(asked);
      }
    }
    return found;
  } finally {
    await list.close();
  }
}
