import type { SourceRow } from '../source/customer-list.ts';
import type { Balance } from './balance.ts';

/** Two sides that a Balance has found uneven, to be gone through again. */
export interface Sides {
  /** Calls `take` with each text of the file. */
  seen(take: (text: string) => void): Promise<void>;
  /** Calls `take` with each text that ought to be there, and the row that it belongs to. */
  expected(take: (text: string, row: SourceRow) => void): Promise<void>;
  /** Whether texts that are the same may have become one, as the blocks of a doubled customer that stand side by side. */
  mayMerge: boolean;
  /** A text of this row is not there. */
  onMissing(row: SourceRow): void;
  /** A text is there more often than it ought to be. */
  onSurplus(text: string, seen: number, expected: number): void;
}

interface Counts {
  seen: number;
  expected: number;
}

/** So many texts are held in memory at a time; where more differ, both sides are gone through again. */
const MAX_TEXTS = 200_000;

/** Finds what differs, exactly, going through both sides once for each part of what may. */
export async function findDifferences(balance: Balance, sides: Sides): Promise<void> {
  for (const part of balance.unevenParts(MAX_TEXTS)) {
    await findInPart((text) => part.has(balance.bucketOf(text)), sides);
  }
}

async function findInPart(isInPart: (text: string) => boolean, sides: Sides): Promise<void> {
  const { mayMerge, onMissing, onSurplus } = sides;
  const counts = new Map<string, Counts>();
  await sides.seen((text) => {
    if (isInPart(text)) countsOf(counts, text).seen += 1;
  });
  await sides.expected((text, row) => {
    if (!isInPart(text)) return;
    const of = countsOf(counts, text);
    of.expected += 1;
    if (of.seen < (mayMerge ? 1 : of.expected)) onMissing(row);
  });
  for (const [text, { seen, expected }] of counts) if (seen > expected) onSurplus(text, seen, expected);
}

function countsOf(counts: Map<string, Counts>, text: string): Counts {
  const found = counts.get(text) ?? { seen: 0, expected: 0 };
  counts.set(text, found);
  return found;
}
