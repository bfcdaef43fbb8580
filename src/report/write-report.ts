import type { RunState } from '../job/run-state.ts';
import type { KnownRun } from '../job/runs.ts';
import { replaceByNew, writeNew } from '../output/replace-file.ts';
import { collect } from './collect.ts';
import { reportPage } from './page.ts';

/** Writes the page about a run beside its other files, in the place of an earlier one. Throws an OutputError. */
export async function writeReport(run: KnownRun, state: RunState): Promise<void> {
  const page = reportPage(await collect(run, state));
  await writeNew(run.paths.report, (file) => file.append(Buffer.from(page)));
  await replaceByNew(run.paths.report);
}
