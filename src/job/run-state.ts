import type { Settings } from '../config/schema.ts';
import { type LockHolder, whoHolds } from '../journal/lock.ts';
import { outputPathsOf } from './begin-run.ts';
import type { KnownRun } from './runs.ts';

/** What a run is doing: somebody works on it; it is over; it can go on. */
export type RunState = 'running' | 'finished' | 'interrupted';

/** Who works with these outputs now; undefined where nobody does. Takes nothing from anybody. */
export async function currentHolder(settings: Settings): Promise<{ holder: LockHolder | undefined } | undefined> {
  const outputs = outputPathsOf(settings);
  return await whoHolds([outputs.results, outputs.failed]);
}

/** The states of runs, the newest first, by who holds their outputs; where no note says which run it is, the newest unfinished one. */
export function runStates(
  runs: readonly KnownRun[],
  held: { holder: LockHolder | undefined } | undefined,
): Map<KnownRun, RunState> {
  const isUnfinished = ({ summary }: KnownRun) => summary === undefined;
  const isNoted = ({ paths }: KnownRun) => paths.stamp === held?.holder?.stamp;
  const running = held === undefined ? undefined : runs.find(held.holder === undefined ? isUnfinished : isNoted);
  return new Map(runs.map((run) => [run, stateOf(run, run === running && isUnfinished(run))]));
}

const stateOf = ({ summary }: KnownRun, isRunning: boolean): RunState => {
  if (isRunning) return 'running';
  return summary === undefined ? 'interrupted' : 'finished';
};
