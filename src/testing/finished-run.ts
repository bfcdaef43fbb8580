import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { verifyRun } from '../audit/verify-run.ts';
import { loadSettings } from '../config/load.ts';
import { outputPathsOf } from '../job/begin-run.ts';
import type { RunState } from '../job/run-state.ts';
import { findNewestRun } from '../job/runs.ts';
import { type Ended, runAggregate, runFile, startAggregate } from './aggregate-process.ts';
import { commandHere } from './command-here.ts';

/** A folder with a list and the runs on it, and the endpoint that they ask. */
export interface RunFolder {
  folder: string;
  list: string;
  endpoint: Endpoint;
  /** The arguments of a command with the settings of this folder. */
  words(command: string[], ...flags: string[]): string[];
  /** Runs a command of the program with the settings of this folder. */
  aggregate(command: string[], ...flags: string[]): Promise<Ended>;
  /** Does such a command, one that forks nobody, in the test's own process. */
  here(command: string[], ...flags: string[]): Promise<Ended>;
  /** Starts such a command without waiting for its end. */
  start(command: string[], ...flags: string[]): ReturnType<typeof startAggregate>;
  /** The path of a run's file, the only one of this name. */
  file(name: string): string;
}

/** A list of `count` customers and an endpoint of the test's own; nothing has run yet. */
export async function runFolder(count: number, options?: EndpointOptions): Promise<RunFolder> {
  const run = await openRunFolder(count, options);
  onTestFinished(() => run.close());
  return run;
}

/** Such a folder for several tests; whoever opens it closes it. */
export async function openRunFolder(
  count: number,
  options?: EndpointOptions,
): Promise<RunFolder & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'aggregate-test-'));
  const endpoint = await startEndpoint(options);
  const list = join(folder, 'customers.csv');
  await writeList(list, count);
  const settings = ['--source-file', list, '--url', endpoint.template, '--output-directory', folder];
  const more = ['--process-count', '1', '--max-attempts', '1', '--checkpoint-seconds', '0.02'];
  const words = (command: string[], ...flags: string[]) => [...command, ...settings, ...more, ...flags];
  return {
    folder,
    list,
    endpoint,
    words,
    aggregate: (command, ...flags) => runAggregate(words(command, ...flags)),
    here: (command, ...flags) => commandHere(words(command, ...flags)),
    start: (command, ...flags) => startAggregate(words(command, ...flags)),
    file: (name) => {
      const path = runFile(folder, name);
      if (path === undefined) throw new Error(`there is no ${name} in ${folder}`);
      return path;
    },
    close: async () => {
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The files of a folder by name. */
export type Contents = ReadonlyMap<string, Buffer>;
export const contentsOf = (folder: string): Contents =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

/** Puts a folder back to these contents. */
export function restoreContents(folder: string, contents: Contents): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes);
}

/** Audits the newest run of a folder in this process: its sentences, without the folder's name, and the facts. */
export async function auditOf(
  { folder, list, endpoint }: RunFolder,
  state: RunState = 'finished',
  unsettledPath?: string,
  more: Record<string, string> = {},
) {
  const flags = { source_file: list, url: endpoint.template, output_directory: folder, ...more };
  const { settings } = await loadSettings({ flags, env: {}, cwd: folder, searchFile: false });
  const run = await findNewestRun(outputPathsOf(settings), undefined);
  const { findings, facts, written } = await verifyRun(settings, run, state, unsettledPath);
  return { sentences: findings.sentences.map((sentence) => sentence.replaceAll(`${folder}/`, '')), facts, written };
}
