import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SaidLines } from './said-lines.ts';

/** A command as the settings have it: a program and its arguments, or a text for the system's shell. */
export type CommandWords = string | readonly string[];

export interface FinishCommand {
  command: CommandWords;
  /** What stands on its standard input. */
  input: string;
  /** Beside what it inherits. */
  env: Readonly<Record<string, string>>;
  /** It is ended when it takes longer. */
  limitMs: number;
  /** A line that it wrote, on either stream; of each no more than somebody would read. */
  say(line: string): void;
}

/** What does not heed SIGTERM so long after its time was up is killed. */
const KILL_AFTER_MS = 2000;
/** What it left running may hold its streams open for ever; what it wrote itself is there by then. */
const STREAMS_LIMIT_MS = 500;

/** Runs a command to its end, or to its limit; resolves with what went wrong, undefined where nothing did. */
export async function runFinishCommand(finish: FinishCommand): Promise<string | undefined> {
  const { input, limitMs, say } = finish;
  const child = start(finish);
  const heard = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : listen(stream, say)));
  child.stdin?.on('error', () => {}); // It need not read what it is given.
  child.stdin?.end(input);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(child);
  }, limitMs);
  const problem = await endOf(child);
  clearTimeout(timer);
  await Promise.race([
    Promise.all(heard.map(({ closed }) => closed)),
    sleep(STREAMS_LIMIT_MS, undefined, { ref: false }),
  ]);
  for (const { stop } of heard) stop();
  return isLate ? `was ended after ${limitMs / 1000} s, its time limit` : problem;
}

/** In a group of its own, so that what it has started can be ended with it. */
function start({ command, env }: FinishCommand): ChildProcess {
  const isShell = typeof command === 'string';
  const [program = '', ...args] = isShell ? [command] : command;
  const options: SpawnOptions = { env: { ...process.env, ...env }, shell: isShell, stdio: ['pipe', 'pipe', 'pipe'] };
  return spawn(program, args, { ...options, detached: process.platform !== 'win32' });
}

function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be run: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
}

interface Heard {
  closed: Promise<unknown>;
  /** Says what has come of a last line, and listens no more. */
  stop(): void;
}

function listen(stream: Readable, say: (line: string) => void): Heard {
  const lines = new SaidLines(say);
  const onText = (text: string) => lines.push(text);
  stream.setEncoding('utf8').on('data', onText);
  return {
    closed: new Promise((resolve) => stream.once('close', resolve)),
    stop: () => {
      stream.off('data', onText).destroy();
      lines.end();
    },
  };
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
