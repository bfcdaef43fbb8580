import yargs from 'yargs';
import { VERSION } from '../config/version.ts';
import { UsageError } from '../errors.ts';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';

const MAX_WIDTH = 120;

/** Does the command that the arguments name; resolves to its exit code. Throws `UsageError` for what is no command line. */
export async function doCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  try {
    await parserFor(args, (code) => {
      exitCode = code;
    }).parseAsync();
  } catch (error) {
    throw error instanceof Error && COMPLAINTS.has(error.name) ? await toldBetter(error, args) : error;
  }
  return exitCode;
}

/** What yargs finds wrong with a command line, in its words. */
class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** yargs throws errors of its own kind past the `fail` function where it works asynchronously. */
const COMPLAINTS: ReadonlySet<string> = new Set(['Complaint', 'YError']);

function parserFor(args: readonly string[], finish: (exitCode: number) => void) {
  const parser = yargs(args)
    .scriptName('aggregate')
    // What it says is taken apart, and stands among words of ours.
    .locale('en')
    .usage('$0 <command> [options]\n\nAsks a REST endpoint for every customer of a list, in several processes.')
    .version(VERSION)
    .demandCommand(1, `Say what to do: ${COMMAND_NAMES.join(', ')}.`)
    .strict()
    .wrap(process.stdout.isTTY ? Math.min(MAX_WIDTH, process.stdout.columns) : MAX_WIDTH)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Complaint(message);
    });
  for (const { command, describe, load } of COMMANDS) {
    parser.command({
      command,
      describe,
      builder: async (yargs) => (await load()).builder(yargs),
      handler: async (argv) => finish(await (await load()).handler(argv)),
    });
  }
  return parser;
}

async function toldBetter({ message }: Error, args: readonly string[]): Promise<UsageError> {
  const { flagOf, SETTING_NAMES } = await import('../config/schema.ts');
  const { ownFlagsOf, OWN_FLAGS } = await import('./own-options.ts');
  const { tellUnknownWords } = await import('./unknown-words.ts');
  const command = args.find((word) => COMMAND_NAMES.includes(word));
  const own = ownFlagsOf(command);
  const others = [...SETTING_NAMES.map((name) => flagOf(name).slice(2)), ...OWN_FLAGS];
  return new UsageError(
    `${tellUnknownWords(message, { own, others, commands: COMMAND_NAMES })}\nTry: aggregate ${command === undefined ? '' : `${command} `}--help`,
  );
}
