import { statSync } from 'node:fs';
import type { RunState } from '../job/run-state.ts';
import type { KnownRun } from '../job/runs.ts';
import { recover } from '../journal/recover.ts';
import { readSamples } from '../metrics/samples-file.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { FailureGroups } from './failure-groups.ts';
import { filesOf } from './files-of.ts';
import { count } from './format.ts';
import type { RunView } from './run-view.ts';

type Facts = Pick<
  RunView,
  'outcome' | 'startedAt' | 'endedAt' | 'total' | 'ok' | 'failed' | 'failures' | 'records' | 'requests'
>;

/** What a page shows of a run, from its files alone. Throws a RecoveryError where its journal is needed and damaged. */
export async function collect(run: KnownRun, state: RunState): Promise<RunView> {
  const { paths } = run;
  const groups = new FailureGroups(paths.exceptions);
  await groups.readOn();
  const { settings, ...measured } = await readSamples(paths.samples);
  const facts = run.summary === undefined ? await unfinished(paths, state) : finished(run.summary);
  const files = filesOf(paths);
  return {
    ...{ stamp: paths.stamp, state, ...facts, expected: facts.total, measured, settings, files, groups: groups.groups },
    ...{
      childDeaths: measured.events.filter(({ kind }) => kind === 'child_died').length,
      flow: undefined,
      children: [],
    },
  };
}

function finished(summary: NonNullable<KnownRun['summary']>): Facts {
  const { customers, failures, records, requests, exit_code: exitCode } = summary;
  const what = customers.failed === 0 ? 'every customer is in the results' : `${count(customers.failed)} failed`;
  const outcome = `complete, ${what} (exit code ${exitCode})`;
  const times = { startedAt: Date.parse(summary.started_at), endedAt: Date.parse(summary.finished_at) };
  return { outcome, ...times, ...customers, failures, records, requests };
}

async function unfinished({ journal }: RunPaths, state: RunState): Promise<Facts> {
  const { run, ok, failed, totals, end } = await recover(journal);
  const isRunning = state === 'running';
  return {
    outcome: isRunning ? 'under way' : 'not finished: it can go on (aggregate resume)',
    startedAt: Date.parse(run.started_at),
    endedAt: isRunning ? Date.now() : statSync(journal).mtimeMs,
    total: end?.rows ?? null,
    ok: ok.size,
    failed: failed.size,
    failures: totals.failures,
    records: totals.records,
    requests: totals.requests,
  };
}
