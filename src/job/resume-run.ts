import { changedShape, outputShapeOf } from '../config/output-shape.ts';
import type { Settings } from '../config/schema.ts';
import { RecoveryError } from '../errors.ts';
import { Journal } from '../journal/journal.ts';
import type { Recovered } from '../journal/recover.ts';
import type { RunPaths } from '../output/claim-files.ts';
import { closingOnError } from '../output/closing-on-error.ts';
import { reopenFiles } from '../output/reopen-files.ts';
import { replaceFailed } from '../output/replace-failed.ts';
import type { Tally } from '../output/tally.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { fingerprintOf } from '../source/fingerprint.ts';
import { failedHeadOf } from './begin-run.ts';
import { askedOnceOf } from './doubled.ts';
import { readExceptions } from './read-exceptions.ts';
import { checkpointPaceOf, resultsFileOf } from './results-file.ts';
import type { Beginning, RunStart } from './run.ts';

/** A run that goes on where its last checkpoint was. */
export interface ResumedRun {
  start: RunStart;
  warnings: string[];
}

/**
 * Takes up a run whose journal was read and whose list and settings are the same. Throws a RecoveryError, before anything
 * is touched, where the files are not what they were.
 */
export async function resumeRun(
  settings: Settings,
  list: CustomerList,
  recovered: Recovered,
  paths: RunPaths,
  beginning: Beginning,
): Promise<ResumedRun> {
  const { lengths, tail, ok, failed, pendingRetry } = recovered;
  const once = await askedOnceOf(settings, recovered.run.source.path, {
    ok,
    // Those that were left out of a retry say nothing of those that are asked for again.
    failed: recovered.failedLately,
    exceptions: () => readExceptions(recovered, paths.exceptions),
  });
  await replaceFailed(paths, pendingRetry?.lengths);
  const reopened = await reopenFiles(paths, lengths, tail.validBytes, failedHeadOf(list));
  const journal = new Journal(reopened.journal, checkpointPaceOf(settings));
  const { log, failed: failedFile, exceptions } = reopened;
  const results = await closingOnError([journal, reopened.results, log, failedFile, exceptions], async () => {
    await journal.record({ type: 'resume', at: new Date().toISOString() });
    return await resultsFileOf(settings, reopened.results, journal);
  });
  const start: RunStart = {
    list,
    source: recovered.run.source.path,
    fingerprint: recovered.run.source,
    paths,
    files: { results, log, failed: failedFile, exceptions, journal },
    tally: tallyOf(recovered),
    isSettled: (position) => ok.has(position) || failed.has(position),
    once,
    beginning,
    expectsRefusals: recovered.wasComplete || (ok.size > 0 && 'of_the_rest'),
    startedAt: new Date(recovered.run.started_at),
  };
  const dropped =
    tail.droppedBytes === 0 ? [] : [`${recovered.path}: ${tail.droppedBytes} bytes after its last whole line dropped`];
  return { start, warnings: [...dropped, ...reopened.warnings] };
}

function tallyOf({ ok, failed, totals }: Recovered): Tally {
  const { records, requests, failures } = totals;
  return { read: 0, open: 0, ok: ok.size, failed: failed.size, failures: { ...failures }, records, requests };
}

/** Throws a RecoveryError where the list, or a setting that shapes the output, is not what it was when the run began. */
export async function expectSameRun(settings: Settings, recovered: Recovered): Promise<void> {
  expectUnspoiled(recovered);
  expectSameShape(settings, recovered);
  await expectSameList(recovered);
}

/** Throws a RecoveryError where nobody can go on with the run. */
export function expectUnspoiled({ run, spoiled }: Recovered): void {
  if (spoiled === undefined) return;
  throw new RecoveryError(`run ${run.stamp} cannot go on: ${spoiled}; nothing was touched, start a new run`);
}

function expectSameShape(settings: Settings, { run }: Recovered): void {
  const changed = changedShape(outputShapeOf(settings), run.settings);
  if (changed.length === 0) return;
  // Most often somebody has fed it the failed file of another run.
  const names = changed.map((name) => (name === 'source_file' ? `source_file (it had ${run.source.path})` : name));
  throw new RecoveryError(
    `run ${run.stamp} cannot go on with other settings: ${names.join(', ')} changed since it was started; nothing was touched`,
  );
}

async function expectSameList({ run }: Recovered): Promise<void> {
  const { source } = run;
  const { path } = source;
  const { bytes, sha256 } = await fingerprintOf(path);
  if (bytes === source.bytes && sha256 === source.sha256) return;
  const what = bytes === source.bytes ? 'its content is another' : `it has ${bytes} bytes now, ${source.bytes} then`;
  throw new RecoveryError(`run ${run.stamp} cannot go on: the list ${path} changed (${what}); nothing was touched`);
}
