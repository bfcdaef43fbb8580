import type { FlowAccount } from '../flow/flow-account.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { replaceByNew, writeNew } from '../output/replace-file.ts';
import type { Tally } from '../output/tally.ts';

/** What is known when a run is complete. */
export interface SummaryFacts {
  paths: RunPaths;
  /** Where the list came from: its path, or `-`. */
  source: string;
  startedAt: Date;
  finishedAt: Date;
  exitCode: number;
  tally: Tally;
  /** What its last start found the endpoint to be like. */
  flow: FlowAccount;
}

/** The summary as it is written: sums equal those of the files. Its presence says that the run is over. */
export function summaryOf({ paths, source, startedAt, finishedAt, exitCode, tally, flow }: SummaryFacts) {
  const { stamp, results, log, failed, exceptions } = paths;
  const failedFiles = tally.failed === 0 ? {} : { failed, exceptions };
  return {
    version: 1,
    run: stamp,
    exit_code: exitCode,
    exit_reason: tally.failed === 0 ? 'complete' : 'complete_with_failures',
    started_at: startedAt.toISOString(),
    finished_at: finishedAt.toISOString(),
    duration_seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    customers: { total: tally.read, ok: tally.ok, failed: tally.failed },
    failures: tally.failures,
    records: tally.records,
    requests: tally.requests,
    flow: flowOf(flow),
    files: { source, results, log, ...failedFiles },
  };
}

const flowOf = ({ boundBy, maxInFlight, holds, outages, inFlight, perSecond, wouldDo }: FlowAccount) => ({
  bound_by: boundBy,
  in_flight: inFlight ?? null,
  max_in_flight: maxInFlight,
  requests_per_second: perSecond ?? null,
  requests_per_process_that_would_do: wouldDo ?? null,
  holds,
  outages,
});

/** Writes the summary so that it is there whole or not at all; resolves when it is on the disk. */
export async function writeSummary(facts: SummaryFacts): Promise<void> {
  const { summary } = facts.paths;
  const text = `${JSON.stringify(summaryOf(facts), undefined, 2)}\n`;
  await writeNew(summary, (file) => file.append(Buffer.from(text)));
  await replaceByNew(summary);
}
