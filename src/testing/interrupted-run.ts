import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { linesOf, runFile, type StartOptions, startAggregate } from './aggregate-process.ts';

/** A run that was killed while it worked, with checkpoints before that; its folder can be put back as it was then. */
export interface InterruptedRun {
  endpoint: Endpoint;
  list: string;
  /** Its output directory. */
  folder: string;
  stamp: string;
  /** The path of one of its files: `results`, `journal`, … */
  path(name: string): string;
  /** Arguments of a command with its settings; later ones may not repeat them. */
  args(command: string, ...more: string[]): string[];
  /** Puts list and output back as they were, and makes the endpoint forget. */
  restore(): void;
  close(): Promise<void>;
}

const ROWS = 300;
const CHECKPOINTS = 3;
/** Long enough for the run to be far from its end when its checkpoints are seen. */
const LATENCY_MS = 10;

export interface InterruptedRunOptions {
  /** What `source_file` is; the list's path where it is left out. */
  source?: string;
  options?: StartOptions;
}

/** Starts a run in a folder of its own and kills it, its children too, once its journal has some checkpoints. */
export async function interruptedRun({ source, options = {} }: InterruptedRunOptions = {}): Promise<InterruptedRun> {
  const base = mkdtempSync(join(tmpdir(), 'aggregate-test-'));
  const list = join(base, 'list.csv');
  const folder = join(base, 'out');
  const backup = join(base, 'backup');
  mkdirSync(folder);
  await writeList(list, ROWS);
  const endpoint = await startEndpoint({ latencyMs: LATENCY_MS });
  const args = (command: string, ...more: string[]) => [
    command,
    ...['--source-file', source ?? list, '--url', endpoint.template, '--output-directory', folder],
    ...['--requests-per-process', '4', '--chunk-size', '5', '--checkpoint-seconds', '0.01', ...more],
  ];
  const started = startAggregate(args('run', '--process-count', '2'), { ...options, isDetached: true });
  const hasCheckpoints = () => runFile(folder, 'journal') !== undefined && checkpointsIn(folder) >= CHECKPOINTS;
  while (!hasCheckpoints() && started.process.exitCode === null) await sleep(1);
  process.kill(-(started.process.pid ?? 0), 'SIGKILL');
  const { signal, stderr } = await started.ended;
  if (signal !== 'SIGKILL') throw new Error(`the run ended before it could be killed: ${stderr}`);
  cpSync(folder, join(backup, 'out'), { recursive: true });
  cpSync(list, join(backup, 'list.csv'));
  return {
    endpoint,
    list,
    folder,
    stamp: /\d{8}-\d{6}/.exec(runFile(folder, 'journal') ?? '')?.[0] ?? '',
    path: (name) => runFile(folder, name) ?? '',
    args,
    restore: () => {
      rmSync(folder, { recursive: true });
      cpSync(join(backup, 'out'), folder, { recursive: true });
      cpSync(join(backup, 'list.csv'), list);
      endpoint.reset();
    },
    close: async () => {
      await endpoint.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

const checkpointsIn = (folder: string): number =>
  readFileSync(runFile(folder, 'journal') ?? '', 'utf8').split('"type":"checkpoint"').length - 1;

/** The lines that must stand in the results in the end, sorted. */
export const allLines = (): string[] =>
  Array.from({ length: ROWS }, (_, index) => expectedLinesOf(customerAt(index)))
    .flat()
    .sort();

/** The lines that stand in the results, sorted. */
export const resultLines = (folder: string): string[] => [...linesOf(folder, 'results')].sort();

/** SHA-256 of each file in a folder; notes that tell who holds a lock are no output. */
export function digestsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.lock'));
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.sort().map((name) => [name, digest(name)]));
}
