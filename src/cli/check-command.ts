import type { CommandModule } from 'yargs';
import { settingOptions } from '../config/flags.ts';
import { checkJob } from '../job/check.ts';
import { escapeLine } from '../output/escape.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION } from './run-command.ts';
import { tellSettings } from './tell-settings.ts';

/** `aggregate check`: what a run would do, tried on one customer. */
export function checkCommand(finish: (exitCode: number) => void): CommandModule {
  return {
    command: 'check',
    describe: 'Show the settings and where each comes from, and try one customer',
    builder: (yargs) => yargs.option('config', CONFIG_OPTION).options(settingOptions()).strict(false).strictCommands(),
    handler: async (argv) => {
      const command = await settingsOf(argv);
      const say = (line: string) => process.stdout.write(`${escapeLine(command.redact(line))}\n`);
      for (const line of tellSettings(command)) say(line);
      finish((await checkJob(command.settings, process.stdin, say)) ? 0 : 2);
    },
  };
}
