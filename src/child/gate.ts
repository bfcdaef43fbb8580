import type { AttemptResult, Verdict } from '../http/retry-policy.ts';

/** What is known of an attempt once it is over. */
export interface AttemptReport {
  result: AttemptResult;
  verdict: Verdict;
  elapsedMs: number;
}

/** What each request passes on its way out: the flow over all processes together. */
export interface Gate {
  /** Resolves when a request may begin; when the run is stopped, too. */
  enter(): Promise<void>;
  /** Takes note of what came of an attempt. */
  report(report: AttemptReport): void;
}

/** A gate that is always open. */
export const OPEN_GATE: Gate = {
  enter: async () => {},
  report: () => {},
};
