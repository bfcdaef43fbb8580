import { doCommand } from '../cli/do-command.ts';
import { tellAndJudge } from '../cli/fault.ts';
import type { Ended } from './aggregate-process.ts';

export interface SurroundingsHere {
  cwd?: string;
  env?: Record<string, string>;
}

/**
 * Does a command in the test's own process, as `main` does, and gives what the program would end with and say. It costs
 * a small part of a start of the program: for commands that fork nobody, where the start itself shows nothing. One at a
 * time: working directory, environment and streams are the process's.
 */
export async function commandHere(args: string[], { cwd = '/', env = {} }: SurroundingsHere = {}): Promise<Ended> {
  const before = { cwd: process.cwd(), env: process.env };
  const [stdout, stderr] = [listenTo(process.stdout), listenTo(process.stderr)];
  process.chdir(cwd);
  process.env = { PATH: before.env.PATH, ...env };
  try {
    const exitCode = await doCommand(args).catch(tellAndJudge);
    return { exitCode, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    stdout.release();
    stderr.release();
  }
}

/** Keeps what is written to a stream, in place of writing it. */
function listenTo(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const { write } = stream;
  let text = '';
  stream.write = (chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  };
  return {
    text: () => text,
    release: () => {
      stream.write = write;
    },
  };
}
