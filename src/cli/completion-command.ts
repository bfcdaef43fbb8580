import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import type { Builder, Handler } from './commands.ts';
import { SHELLS } from './completion.ts';
import { completionScript } from './completion-scripts.ts';

/** `aggregate completion SHELL`: the script that makes a shell complete commands, flags and stamps. */
export const builder: Builder = (yargs: Argv) =>
  yargs.positional('shell', { type: 'string', describe: `One of ${SHELLS.join(', ')}` });

export const handler: Handler = async ({ shell: given }) => {
  const shell = SHELLS.find((each) => each === given);
  if (shell === undefined)
    throw new UsageError(`completion: expected one of ${SHELLS.join(', ')}, got ${JSON.stringify(given)}`);
  process.stdout.write(completionScript(shell));
  return 0;
};
