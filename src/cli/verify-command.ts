import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { tellAudit } from '../audit/tell-audit.ts';
import { verifyRun } from '../audit/verify-run.ts';
import { escapeLine } from '../channel/escape.ts';
import { settingOptions } from '../config/flags.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import { currentHolder, runStates } from '../job/run-state.ts';
import { findNewestRun } from '../job/runs.ts';
import type { Builder, Handler } from './commands.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION, STAMP_OPTION, stampIn } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';
import { UNNEEDED_BY_AUDIT } from './unneeded-settings.ts';

/** `aggregate verify`: audits a run from its files alone; exit 1 where something is wrong. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .positional('stamp', STAMP_OPTION)
    .options(OWN_OPTIONS.verify)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

export const handler: Handler = async (argv) => await verify(argv);

async function verify(argv: Readonly<Record<string, unknown>>): Promise<number> {
  const { settings, redact } = await settingsOf(
    argv,
    { flags: Object.keys(OWN_OPTIONS.verify), positionals: ['stamp'] },
    UNNEEDED_BY_AUDIT,
  );
  const say = (line: string) => process.stdout.write(`${escapeLine(redact(line))}\n`);
  const run = await findNewestRun(outputPathsOf(settings), stampIn(argv));
  const state = runStates([run], await currentHolder(settings)).get(run) ?? 'interrupted';
  const { writeUnsettled } = argv;
  const path = typeof writeUnsettled === 'string' ? resolve(writeUnsettled) : undefined;
  const audit = await verifyRun(settings, run, state, path);
  for (const line of tellAudit(run.paths.stamp, state, audit)) say(line);
  if (path !== undefined) say(audit.written === 0 ? `${path}: not written, no rows` : `${path}: ${audit.written} rows`);
  return audit.findings.count === 0 ? 0 : 1;
}
