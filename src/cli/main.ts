import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { flagOf, SETTING_NAMES } from '../config/schema.ts';
import { VERSION } from '../config/version.ts';
import { UsageError } from '../errors.ts';
import { exitCodeFor, tellError } from '../job/exit-code.ts';
import { checkCommand } from './check-command.ts';
import { demoCommand } from './demo-command.ts';
import { resumeCommand } from './resume-command.ts';
import { retryCommand } from './retry-command.ts';
import { runCommand } from './run-command.ts';
import { runsCommand } from './runs-command.ts';
import { sayLine } from './surroundings.ts';
import { tellUnknownWords } from './unknown-words.ts';
import { verifyCommand } from './verify-command.ts';

const COMMANDS = [runCommand, resumeCommand, retryCommand, verifyCommand, runsCommand, checkCommand, demoCommand];
const COMMAND_NAMES = ['run', 'resume', 'retry', 'verify', 'runs', 'check', 'demo'];
const OWN_FLAGS = ['config', 'customers', 'latency-ms', 'faults', 'kind', 'write-unsettled', 'json'];
const FLAGS = [...SETTING_NAMES.map((name) => flagOf(name).slice(2)), ...OWN_FLAGS];
const MAX_WIDTH = 120;

/** The program: parses the command line, does one command, and sets the exit code. */
export async function main(): Promise<void> {
  process.on('uncaughtException', leaveOnFault);
  // Whoever reads our output may stop doing so, as `head` does.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let exitCode = 0;
  try {
    await parse((code) => {
      exitCode = code;
    });
  } catch (error) {
    exitCode = tellAndJudge(error);
  }
  process.exitCode = exitCode;
}

async function parse(finish: (exitCode: number) => void): Promise<void> {
  const program = yargs(hideBin(process.argv))
    .scriptName('aggregate')
    .usage('$0 <command> [options]\n\nAsks a REST endpoint for every customer of a list, in several processes.')
    .version(VERSION)
    .demandCommand(1, `Say what to do: ${COMMAND_NAMES.join(', ')}.`)
    .strict()
    .wrap(process.stdout.isTTY ? Math.min(MAX_WIDTH, process.stdout.columns) : MAX_WIDTH)
    .exitProcess(false)
    .fail((message, error) => {
      // yargs hands over what it says itself as an error of its own kind.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(
        `${tellUnknownWords(message ?? error?.message, FLAGS, COMMAND_NAMES)}\nTry: aggregate --help`,
      );
    });
  for (const command of COMMANDS) program.command(command(finish));
  await program.parseAsync();
}

function tellAndJudge(error: unknown): number {
  sayLine((text) => text, tellError(error));
  return exitCodeFor({ is: 'error', error });
}

/**
 * A fault of ours: nothing can be trusted any more, so nothing more is written. The journal vouches for what was, the
 * children leave when their channel closes, and the run can go on. Node itself would say 1, which means something else.
 */
function leaveOnFault(error: unknown): never {
  process.exit(tellAndJudge(error));
}
