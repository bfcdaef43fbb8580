import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, rowAt, writeList } from '../../fixtures/list.ts';
import { checkRun } from './checker.ts';
import type { Evidence, InputRow, Verdict } from './evidence.ts';
import { strike } from './nemesis.ts';
import { ObservedRun } from './observed-run.ts';
import type { RoundPlan } from './round-plan.ts';

/** How a round went. */
export interface RoundReport {
  plan: RoundPlan;
  evidence: Evidence;
  verdict: Verdict;
}

/** The first line of every list that `fixtures/list.ts` writes. */
export const LIST_HEADER = 'customer,name,region';
/** A start that nobody harms completes; a second one is there for a start that found nothing to go on from. */
const PLAIN_STARTS = 2;

/** The rows of a list that `fixtures/list.ts` writes. */
export const rowsOf = (count: number): InputRow[] =>
  Array.from({ length: count }, (_, index) => ({ customer: customerAt(index), raw: rowAt(index) }));

/** Runs a round in an empty folder: starts, blows, starts again until the run is complete; then it is judged. */
export async function runRound(plan: RoundPlan, folder: string): Promise<RoundReport> {
  const list = join(folder, 'list.csv');
  const output = join(folder, 'out');
  mkdirSync(output);
  await writeList(list, plan.rows);
  const { faults, latencyMs } = plan;
  const endpoint = await startEndpoint({ faults, latencyMs, isLogging: true });
  try {
    const setup = { ...plan, endpoint, list, folder: output, header: LIST_HEADER, rows: rowsOf(plan.rows) };
    const run = new ObservedRun(setup);
    await runToEnd(run, plan);
    const evidence = await run.evidence();
    return { plan, evidence, verdict: checkRun(evidence) };
  } finally {
    await endpoint.close();
  }
}

async function runToEnd(run: ObservedRun, plan: RoundPlan): Promise<void> {
  for (const blows of plan.starts) {
    if (run.isComplete) return;
    await run.start({ command: run.nextCommand, harm: (victim) => strike(blows, victim) });
    if (plan.waitsForChildren) await run.processesLeft();
  }
  for (let i = 0; i < PLAIN_STARTS && !run.isComplete; i += 1) await run.start({ command: run.nextCommand });
}
