import { readFile } from 'node:fs/promises';
import { tellError } from './exit-code.ts';
import type { RunReport } from './surroundings.ts';

/** What is told of the end of a run to those outside it. */
export interface FinishFacts {
  exitCode: number;
  /** One word, the summary's where there is one. */
  reason: string;
  /** The summary as JSON; of a run that is not over, what is known of it so far. */
  summary: string;
  /** The main facts as environment variables. */
  env: Record<string, string>;
  /** They in one line, without any path or name. */
  line: string;
}

const REASONS: Readonly<Record<number, string>> = {
  0: 'complete',
  1: 'complete_with_failures',
  2: 'refused',
  3: 'stopped',
  4: 'output_failed',
  130: 'interrupted',
  143: 'interrupted',
};

/** `redact` masks what must not be told; only a message of an error can hold any. */
export async function finishFactsOf(report: RunReport, redact: (text: string) => string): Promise<FinishFacts> {
  const { exitCode, paths, ending, tally, durationMs } = report;
  const reason = REASONS[exitCode] ?? 'fault';
  const seconds = durationMs / 1000;
  const isComplete = ending.is === 'complete' && paths !== undefined;
  const summary = isComplete
    ? await readFile(paths.summary, 'utf8')
    : `${JSON.stringify(soFar(report, redact), undefined, 2)}\n`;
  const files = paths === undefined ? {} : filesIn(report, paths);
  const env = {
    AGGREGATE_RUN_EXIT_CODE: String(exitCode),
    AGGREGATE_RUN_EXIT_REASON: reason,
    AGGREGATE_RUN_OK: String(tally.ok),
    AGGREGATE_RUN_FAILED: String(tally.failed),
    AGGREGATE_RUN_SECONDS: String(seconds),
    ...files,
  };
  const line = `${reason}, exit code ${exitCode}: ${tally.ok} ok, ${tally.failed} failed, ${seconds.toFixed(1)} s`;
  return { exitCode, reason, summary, env, line };
}

function filesIn({ tally, ending }: RunReport, paths: NonNullable<RunReport['paths']>): Record<string, string> {
  return {
    AGGREGATE_RUN_STAMP: paths.stamp,
    AGGREGATE_RUN_RESULTS: paths.results,
    AGGREGATE_RUN_LOG: paths.log,
    ...(tally.failed > 0 && { AGGREGATE_RUN_FAILED_FILE: paths.failed }),
    ...(ending.is === 'complete' && { AGGREGATE_RUN_SUMMARY: paths.summary }),
  };
}

/** In the names of the summary, as far as they are known. */
function soFar(report: RunReport, redact: (text: string) => string) {
  const { ending, exitCode, tally, paths, durationMs, isListRead } = report;
  const { ok, failed, failures, records, requests } = tally;
  return {
    version: 1,
    run: paths?.stamp ?? null,
    exit_code: exitCode,
    exit_reason: REASONS[exitCode] ?? 'fault',
    message: ending.is === 'error' ? redact(tellError(ending.error)) : null,
    duration_seconds: durationMs / 1000,
    customers: { total: isListRead ? tally.read : null, ok, failed },
    failures,
    records,
    requests,
    files:
      paths === undefined
        ? {}
        : { results: paths.results, log: paths.log, ...(failed > 0 && { failed: paths.failed }) },
  };
}
