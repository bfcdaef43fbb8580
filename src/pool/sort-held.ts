import type { SourceRow } from '../source/customer-list.ts';
import type { Death } from './forked-child.ts';
import type { FailedInPool } from './settled.ts';
import { goesAlone, type NextStep, nextStep, type Suspicion, suspect } from './suspicion.ts';
import type { PooledRow } from './work-queue.ts';

/** Where the rows go that a dead child held: back to the queue, to a child of their own, or to the failed file. */
export interface SortedRows {
  again: PooledRow[];
  /** Rows that go back to the queue, and stay together there: no chunk holds rows of two groups. */
  groups: PooledRow[][];
  alone: PooledRow[];
  givenUp: FailedInPool[];
}

/** Sorts what a child held when it died. */
export function sortHeld(rows: readonly PooledRow[], death: Death): SortedRows {
  // The last row of a child that had others is no row that was alone: who goes alone is known by what it went through.
  const isOnly = rows.length === 1;
  const suspected = rows.map(({ suspicion, ...pooled }) => ({
    ...pooled,
    suspicion: suspect(suspicion, death, isOnly && goesAlone(suspicion)),
  }));
  const bound = (step: NextStep) => suspected.filter(({ suspicion }) => nextStep(suspicion, death) === step);
  return {
    again: bound('again'),
    groups: inGroups(bound('in_group')),
    alone: bound('alone'),
    givenUp: bound('give_up').map(({ row, suspicion }) => crashOf(row, suspicion, death)),
  };
}

/** About as many groups as each has rows: the guilty one of n rows is found with 2 √n chunks, not with n. */
function inGroups(rows: readonly PooledRow[]): PooledRow[][] {
  const size = Math.ceil(Math.sqrt(rows.length));
  const count = size === 0 ? 0 : Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size));
}

function crashOf(row: SourceRow, { deaths }: Suspicion, death: Death): FailedInPool {
  const how = death.signal ?? `exit code ${death.exitCode}`;
  const reason = `${deaths} child processes died while they held this customer, the last one alone with it (${how})`;
  return { row, failure: { kind: 'worker_crash', reason, attempts: deaths, elapsedMs: 0 }, time: Date.now() };
}
