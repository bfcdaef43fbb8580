import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/aggregate.js', import.meta.url));

/** How the program ended, and what it said. */
export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  ended: Promise<Ended>;
}

export interface StartOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** In a process group of its own, so that a signal can go to the whole group. */
  isDetached?: boolean;
  nodeOptions?: string[];
  /** A command that runs the program: its words come first. */
  wrapper?: string[];
}

/** Starts the real program as a scheduler would: no terminal, an environment of its own, another working directory. */
export function startAggregate(args: string[], options: StartOptions = {}): Started {
  const { cwd = '/', env = {}, stdin, isDetached = false, nodeOptions = [], wrapper = [] } = options;
  const [file = process.execPath, ...words] = [...wrapper, process.execPath, ...nodeOptions, BIN, ...args];
  const child = spawn(file, words, {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: isDetached,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {}); // A program that reads no input may close it.
  child.stdin.end(stdin ?? '');
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  return { process: child, ended };
}

/** Runs the real program to its end. */
export const runAggregate = (args: string[], options?: StartOptions): Promise<Ended> =>
  startAggregate(args, options).ended;

/** The one file of a folder whose name begins so and bears a stamp; undefined where there is none. */
export function runFile(folder: string, name: string): string | undefined {
  const found = readdirSync(folder).filter((file) => file.startsWith(`${name}-20`) && !/\.(?:lock|new)$/.test(file));
  if (found.length > 1) throw new Error(`${folder} has more than one ${name}: ${found.join(', ')}`);
  return found[0] === undefined ? undefined : join(folder, found[0]);
}

/** Lines of a run's file without their line breaks; none where there is no such file. Throws where the last is torn. */
export function linesOf(folder: string, name: string): string[] {
  const file = runFile(folder, name);
  if (file === undefined) return [];
  const text = readFileSync(file, 'utf8');
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new Error(`${file} does not end in a line break`);
  return text.slice(0, -1).split('\n');
}

/** Process ids whose parent is `pid`, from /proc; Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const parent = parentOf(entry);
    return parent === pid ? [Number(entry)] : [];
  });
}

function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // It is gone meanwhile.
  }
}

/** Resident memory of a process, from /proc; Linux only. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}
