import { VERSION } from '../config/version.ts';
import { exitCodeFor, tellError } from '../job/exit-code.ts';
import { sayLine } from './say-line.ts';

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
  const { doCommand } = await import('./do-command.ts');
  return await doCommand(args);
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
