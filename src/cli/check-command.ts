import type { Argv } from 'yargs';
import { escapeLine } from '../channel/escape.ts';
import { settingOptions } from '../config/flags.ts';
import { checkJob } from '../job/check.ts';
import type { Builder, Handler } from './commands.ts';
import { settingsOf } from './load-request.ts';
import { CONFIG_OPTION } from './options.ts';
import { tellSettings } from './tell-settings.ts';

/** `aggregate check`: what a run would do, tried on one customer. */
export const builder: Builder = (yargs: Argv) =>
  yargs.option('config', CONFIG_OPTION).options(settingOptions()).strict(false).strictCommands();

export const handler: Handler = async (argv) => {
  const command = await settingsOf(argv);
  const say = (line: string) => process.stdout.write(`${escapeLine(command.redact(line))}\n`);
  for (const line of tellSettings(command)) say(line);
  for (const warning of command.warnings) say(`Warning: ${warning}`);
  const { settings, connection, learnSecret } = command;
  return (await checkJob(settings, { connection, learnSecret, stdin: process.stdin }, say)) ? 0 : 2;
};
