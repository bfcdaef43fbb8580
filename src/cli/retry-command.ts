import type { Argv } from 'yargs';
import { FAILURE_KINDS, type FailureKind } from '../channel/protocol.ts';
import { settingOptions } from '../config/flags.ts';
import { nearestName } from '../config/nearest-name.ts';
import { UsageError } from '../errors.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { retryJob } from '../job/job.ts';
import { expectRetriable } from '../job/nothing-to-do.ts';
import { findNewestRun } from '../job/runs.ts';
import { isFailureKind } from '../output/exception-line.ts';
import type { Builder, Handler } from './commands.ts';
import { tellEnd } from './do-run.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, STAMP_OPTION, stampIn } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';
import { commandLineSurroundings } from './surroundings.ts';

/** `aggregate retry`: asks again for the failed customers of a finished run. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .positional('stamp', STAMP_OPTION)
    .options(OWN_OPTIONS.retry)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => await retry(argv);

async function retry(argv: Readonly<Record<string, unknown>>): Promise<number> {
  const kinds = kindsOf(argv.kind);
  const command = await settingsOf(argv, { flags: Object.keys(OWN_OPTIONS.retry), positionals: ['stamp'] });
  const isVerbose = argv.verbose === true;
  const { settings, secrets } = command;
  const run = await findNewestRun(outputPathsOf(settings), stampIn(argv));
  await expectRetriable(run.paths, kinds);
  const surroundings = commandLineSurroundings(command, isVerbose);
  try {
    const report = await retryJob(settings, secrets, surroundings, run, kinds);
    return tellEnd(command, report, process.stderr.isTTY || isVerbose);
  } finally {
    surroundings.shutdown.release();
  }
}

/** Throws a UsageError that names each one that is none, with the nearest that is. */
function kindsOf(given: unknown): FailureKind[] {
  const words: unknown[] = Array.isArray(given) ? given : [];
  const wrong = words.filter((word) => !isFailureKind(word)).map((word) => wrongKind(String(word)));
  if (wrong.length > 0) throw new UsageError(wrong.join('\n'));
  return words.filter(isFailureKind);
}

function wrongKind(word: string): string {
  const near = nearestName(word, FAILURE_KINDS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `--kind: expected one of ${FAILURE_KINDS.join(', ')}, got ${JSON.stringify(word)}${hint}`;
}
