import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { VERSION } from '../config/version.ts';
import { UsageError } from '../errors.ts';
import { exitCodeFor, tellError } from '../job/exit-code.ts';
import { escapeLine } from '../output/escape.ts';
import { checkCommand } from './check-command.ts';
import { demoCommand } from './demo-command.ts';
import { resumeCommand } from './resume-command.ts';
import { runCommand } from './run-command.ts';

/** The program: parses the command line, does one command, and sets the exit code. */
export async function main(): Promise<void> {
  let exitCode = 0;
  const finish = (code: number) => {
    exitCode = code;
  };
  try {
    await yargs(hideBin(process.argv))
      .scriptName('aggregate')
      .usage(
        '$0 <command> [options]\n\nAsks a REST endpoint for every customer of a list and writes what came into one file.',
      )
      .version(VERSION)
      .command(runCommand(finish))
      .command(resumeCommand(finish))
      .command(checkCommand(finish))
      .command(demoCommand(finish))
      .demandCommand(1, 'Say what to do: run, resume, check or demo.')
      .strict()
      .wrap(process.stdout.isTTY ? Math.min(120, process.stdout.columns) : 120)
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new UsageError(`${message}\nTry: aggregate --help`);
      })
      .parseAsync();
  } catch (error) {
    exitCode = exitCodeFor({ is: 'error', error });
    process.stderr.write(
      `${tellError(error)
        .split('\n')
        .map((line) => `aggregate: ${escapeLine(line)}`)
        .join('\n')}\n`,
    );
  }
  process.exitCode = exitCode;
}
