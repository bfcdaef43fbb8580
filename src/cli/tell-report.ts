import { existsSync } from 'node:fs';
import { OutputError, SpoiledError } from '../errors.ts';
import { flowWords } from '../flow/flow-account.ts';
import { completeAccount, interruptedAccount } from '../job/account.ts';
import { tellError } from '../job/exit-code.ts';
import type { RunReport } from '../job/surroundings.ts';
import type { RunPaths } from '../output/claim-files.ts';

/** The commands that a person may want next. */
export interface NextCommands {
  /** Asks again for the failed customers of the run with this stamp. */
  retry(stamp: string): string;
  /** Takes the run with this stamp up again. */
  resume(stamp: string): string;
}

/**
 * What a person is told at the end of a run, or undefined where silence says it best: a scheduler's run in which every
 * customer came.
 */
export function tellReport(report: RunReport, isTerminal: boolean, commands: NextCommands): string | undefined {
  const { ending, tally, paths, durationMs, isListRead, flow } = report;
  if (ending.is === 'complete') {
    if (paths === undefined || (tally.failed === 0 && !isTerminal)) return undefined;
    const found = flow && flowWords(flow);
    return completeAccount(tally, paths, durationMs, commands.retry(paths.stamp), found);
  }
  const why = ending.is === 'interrupted' ? `interrupted by ${ending.signal}` : tellError(ending.error);
  if (paths === undefined) return `aggregate: ${why}`;
  const error = ending.is === 'error' ? ending.error : undefined;
  const goOn =
    error instanceof SpoiledError ? undefined : goOnWords(tally.failed > 0, paths, commands.resume(paths.stamp));
  // The files may hold more, for which the journal does not vouch: going on cuts it off.
  const whyAndWhat = error instanceof OutputError ? `${why}; up to the last checkpoint` : why;
  return interruptedAccount(whyAndWhat, tally, paths, isListRead, goOn);
}

/** Without these files a run is not found, or refused. */
function goOnWords(hasFailed: boolean, paths: RunPaths, resume: string): string {
  const { results, journal, failed, exceptions } = paths;
  const needed = [results, journal, ...(hasFailed ? [failed, exceptions] : [])];
  return needed.every((path) => existsSync(path))
    ? `go on:  ${resume}`
    : `to go on, put its files back where they were; then:  ${resume}`;
}
