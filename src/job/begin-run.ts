import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { outputShapeOf } from '../config/output-shape.ts';
import type { Settings } from '../config/schema.ts';
import { Journal } from '../journal/journal.ts';
import { JOURNAL_VERSION, type RunRecord } from '../journal/journal-records.ts';
import { type Claim, claimFiles, type OutputPaths } from '../output/claim-files.ts';
import { closingOnError } from '../output/closing-on-error.ts';
import { packingOf } from '../output/compression.ts';
import { LateFile } from '../output/late-file.ts';
import { syncDirectoryOf } from '../output/output-file.ts';
import { emptyTally } from '../output/tally.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { fingerprintOf } from '../source/fingerprint.ts';
import { askedOnceOf } from './doubled.ts';
import type { OpenedList } from './open-source.ts';
import { checkpointPaceOf, resultsFileOf } from './results-file.ts';
import type { RunStart } from './run.ts';

/** Where the settings say that a run's files go. */
export function outputPathsOf(settings: Settings): OutputPaths {
  return {
    results: settings.profile_data_file,
    resultsSuffix: packingOf(settings.output_compression)?.suffix ?? '',
    log: settings.log_file,
    failed: settings.failed_customer_file,
    directory: settings.output_directory,
  };
}

/** The failed file begins as the list does, so that it is the next run's input as it stands. */
export function failedHeadOf({ headerRaw, eol }: CustomerList): Uint8Array {
  return headerRaw === undefined ? Buffer.of() : Buffer.concat([Buffer.from(headerRaw), Buffer.from(eol)]);
}

/** A new run: its files under a free stamp, and its journal with the line that says what it is. */
export async function beginRun(settings: Settings, opened: OpenedList, startedAt: Date): Promise<RunStart> {
  const { list } = opened;
  const fingerprint = await fingerprintOf(opened.path);
  const once = await askedOnceOf(settings, opened.path);
  const claim = await claimFiles(outputPathsOf(settings), startedAt);
  const { paths, log } = claim;
  const source = opened.isSpooled ? paths.source : opened.path;
  const journal = new Journal(claim.journal, checkpointPaceOf(settings));
  const results = await closingOnError([claim.journal, claim.results, log], async () => {
    if (opened.isSpooled) await moveDurably(opened.path, source);
    await journal.record(runRecordOf(settings, claim, startedAt, { path: source, ...fingerprint }));
    return await resultsFileOf(settings, claim.results, journal);
  });
  const failed = new LateFile(paths.failed, failedHeadOf(list));
  const exceptions = new LateFile(paths.exceptions, Buffer.of());
  return {
    list,
    source,
    fingerprint,
    paths,
    files: { results, log, failed, exceptions, journal },
    tally: emptyTally(),
    isSettled: () => false,
    once,
    beginning: { kind: 'started', mark: '[Run started]' },
    expectsRefusals: false,
    startedAt,
  };
}

/** The journal is about to name the list: its new name must not be lost while the journal is kept. */
async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDirectoryOf(to);
}

function runRecordOf(settings: Settings, { paths }: Claim, startedAt: Date, source: RunRecord['source']): RunRecord {
  const { stamp, results, log, failed, exceptions } = paths;
  return {
    type: 'run',
    version: JOURNAL_VERSION,
    run_id: randomUUID(),
    stamp,
    started_at: startedAt.toISOString(),
    source,
    settings: outputShapeOf(settings),
    files: { results, log, failed, exceptions },
  };
}
