import { createInterface, type Interface } from 'node:readline/promises';
import { UsageError } from '../errors.ts';
import type { Ask } from './questions.ts';

/** Uses a way to ask the person at the terminal; Ctrl-C and Ctrl-D end it with a UsageError. */
export async function withTerminal<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await use((question) => answerTo(terminal, question));
  } finally {
    terminal.close();
  }
}

async function answerTo(terminal: Interface, question: string): Promise<string> {
  const left = new AbortController();
  const leave = () => left.abort();
  terminal.once('SIGINT', leave).once('close', leave);
  try {
    return (await terminal.question(question, { signal: left.signal })).trim();
  } catch (error) {
    process.stderr.write('\n');
    throw new UsageError('left without an answer: nothing was written', { cause: error });
  } finally {
    terminal.off('SIGINT', leave).off('close', leave);
  }
}
