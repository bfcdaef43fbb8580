import type { RunState } from '../job/run-state.ts';
import type { LiveChild } from '../metrics/child-life.ts';
import type { Measured } from '../metrics/samples-lines.ts';
import type { FailureGroup } from './failure-groups.ts';

/** What keeps a run from asking more just now. */
export interface FlowView {
  inFlight: number;
  /** Requests that may be in flight. */
  mayFly: number;
  /** How long no request may begin yet. */
  heldMs: number;
  /** In one word. */
  boundBy: string;
}

/** All that a page about a run shows. */
export interface RunView {
  stamp: string;
  state: RunState;
  /** What became of it, in words. */
  outcome: string;
  /** Milliseconds since the epoch; `endedAt` is now while it is under way. */
  startedAt: number;
  endedAt: number;
  /** Rows in the list; null where that is not known yet. */
  total: number | null;
  /** How many there will be, as far as the part of the list that was read lets expect; null where nothing can be said. */
  expected: number | null;
  ok: number;
  failed: number;
  failures: Readonly<Record<string, number>>;
  records: number;
  requests: number;
  measured: Readonly<Measured>;
  childDeaths: number;
  /** How it goes just now; undefined where it is not under way. */
  flow: FlowView | undefined;
  /** Empty where the run is not under way. */
  children: readonly LiveChild[];
  groups: readonly FailureGroup[];
  /** The settings as they may be shown. */
  settings: Readonly<Record<string, string>>;
  /** The paths of its files that are there. */
  files: readonly string[];
}
