import type { AttemptResult, Verdict } from '../http/retry-policy.ts';

/** What is known of an attempt once it is over. */
export interface AttemptReport {
  result: AttemptResult;
  verdict: Verdict;
  elapsedMs: number;
  /** Which of its customer's attempts it was, from 1. */
  attempt: number;
}

/** What each request passes on its way out and back: the flow over all processes together. */
export interface Gate {
  /**
   * Resolves when a request may begin; when the run is stopped, too. Nothing where it may at once. Each is followed by a
   * `leave`.
   */
  enter(): Promise<void> | undefined;
  /** The request is over, or was not begun after all. */
  leave(): void;
  /** Takes note of what came of an attempt. */
  report(report: AttemptReport): void;
  /** A request that was let through told nothing of the endpoint: another one follows in its place. */
  again(): void;
  /** A customer's records, or a page of them, were read. */
  read(): void;
  /** An answer that should hold records could not be read, for this reason. */
  misread(reason: string): void;
}
