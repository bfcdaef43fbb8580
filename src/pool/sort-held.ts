import type { SourceRow } from '../source/customer-list.ts';
import type { Death } from './forked-child.ts';
import type { FailedInPool } from './settled.ts';
import { nextStep, type Suspicion, suspect } from './suspicion.ts';
import type { PooledRow } from './work-queue.ts';

/** Where the rows go that a dead child held: back to the queue, to a child of their own, or to the failed file. */
export interface SortedRows {
  again: PooledRow[];
  alone: PooledRow[];
  givenUp: FailedInPool[];
}

/** Sorts what a child held when it died; `wasReserved` where it was kept for one suspected row. */
export function sortHeld(rows: readonly PooledRow[], death: Death, wasReserved: boolean): SortedRows {
  const sorted: SortedRows = { again: [], alone: [], givenUp: [] };
  const wasAlone = wasReserved && rows.length === 1;
  for (const { row, suspicion: before } of rows) {
    const suspicion = suspect(before, death, wasAlone);
    const step = nextStep(suspicion, wasAlone);
    if (step === 'again') sorted.again.push({ row, suspicion });
    if (step === 'alone') sorted.alone.push({ row, suspicion });
    if (step === 'give_up') sorted.givenUp.push(crashOf(row, suspicion, death));
  }
  return sorted;
}

function crashOf(row: SourceRow, { crashes, kills }: Suspicion, death: Death): FailedInPool {
  const deaths = crashes + kills;
  const how = death.signal ?? `exit code ${death.exitCode}`;
  const reason = `${deaths} child processes died while they held this customer, the last one alone with it (${how})`;
  return { row, failure: { kind: 'worker_crash', reason, attempts: deaths, elapsedMs: 0 }, time: Date.now() };
}
