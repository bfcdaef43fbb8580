import type { Argv } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { FirstChild } from '../pool/first-child.ts';
import { CHILD_ENTRY } from './child-entry.ts';
import type { Builder, Handler } from './commands.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';

/** `aggregate run`: the main job. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .options(OWN_OPTIONS.run)
    .option('config', CONFIG_OPTION)
    .options(settingOptions())
    .strict(false)
    .strictCommands();

/** The settings first, then a child, and only then what the parent works with: both load at the same time. */
export const handler: Handler = async (argv) => {
  const command = await settingsOf(argv, { flags: Object.keys(OWN_OPTIONS.run) });
  const isVerbose = argv.verbose === true;
  const firstChild = new FirstChild(CHILD_ENTRY, command.settings.http_client);
  try {
    const { goOnWith, runWith } = await import('./do-run.ts');
    return await (argv.resumeOrStart === true ? goOnWith : runWith)(command, { isVerbose, firstChild });
  } finally {
    firstChild.dismiss();
  }
};
