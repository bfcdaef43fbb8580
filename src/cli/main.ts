import { VERSION } from '../config/version.ts';
import { leaveOnFault, tellAndJudge } from './fault.ts';
import { COMPLETE_WORD } from './options.ts';

/**
 * The program: parses the command line, does one command, and sets the exit code. What only some commands need is loaded
 * by them.
 */
export async function main(): Promise<void> {
  process.on('uncaughtException', leaveOnFault);
  // Whoever reads our output may stop doing so, as `head` does.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    process.exitCode = await doWhatIsSaid(process.argv.slice(2));
  } catch (error) {
    process.exitCode = tellAndJudge(error);
  }
}

async function doWhatIsSaid(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (args[0] === COMPLETE_WORD) {
    const { complete } = await import('./complete.ts');
    process.stdout.write(await complete(args.slice(1)));
    return 0;
  }
  const { doCommand } = await import('./do-command.ts');
  return await doCommand(args);
}
