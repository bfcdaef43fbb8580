import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The job that every row does. */
export interface BenchJob {
  list: string;
  /** `{0}` stands for the customer. */
  url: string;
  /** Where results, failed and log go; nothing else is in it. */
  folder: string;
  inFlight: number;
}

/** A program that does the job. */
export interface Row {
  name: string;
  /** What it is, for the table. */
  title: string;
  /** File and arguments. */
  command(job: BenchJob): string[];
  /** What it cannot do without: a command that ends with 0 where that is there. */
  needs?: string[];
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const BIN = pathOf('../../bin/aggregate.js');

const loop = (name: string, title: string, file = `${name}.ts`): Row => ({
  name,
  title,
  command: ({ list, url, folder, inFlight }) => [
    process.execPath,
    pathOf(`loops/${file}`),
    list,
    url,
    folder,
    `${inFlight}`,
  ],
});

/** Two of a loop, half of the customers each: what a second process can bring on this machine. */
const halves = (name: string, title: string): Row => ({
  name: `${name}-halves`,
  title,
  command: ({ list, url, folder, inFlight }) => [
    ...['sh', pathOf('loops/halves.sh'), list, url, folder, `${inFlight}`],
    ...[process.execPath, pathOf(`loops/${name}.ts`)],
  ],
});

/** The real program, everything that it promises included: journal, checkpoints, log. */
const aggregate = (client: string, processes: number): Row => ({
  name: `aggregate-${client}${processes === 2 ? '' : `-${processes}`}`,
  title: `aggregate, ${client}, ${processes} ${processes === 1 ? 'process' : 'processes'}`,
  command: ({ list, url, folder, inFlight }) => [
    ...[process.execPath, BIN, 'run', '--source-file', list, '--url', url, '--output-directory', folder],
    ...[
      '--http-client',
      client,
      '--process-count',
      `${processes}`,
      '--requests-per-process',
      `${Math.ceil(inFlight / processes)}`,
    ],
  ],
});

const script = (name: string, title: string, interpreter: string, file: string, needs: string[]): Row => ({
  name,
  title,
  command: ({ list, url, folder, inFlight }) => [
    interpreter,
    pathOf(`loops/${file}`),
    list,
    url,
    folder,
    `${inFlight}`,
  ],
  needs,
});

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [
  aggregate('got', 2),
  aggregate('got', 1),
  aggregate('undici', 2),
  aggregate('undici', 1),
  loop('got', 'bare loop, got'),
  halves('got', 'two bare loops, got, half of the list each'),
  loop('node-http', 'bare loop, node:http'),
  loop('undici-pool', 'bare loop, undici `Pool.request`'),
  loop('undici-dispatch', 'bare loop, undici `dispatch`'),
  script('curl', '`curl --parallel`, jq', 'sh', 'curl.sh', ['sh', '-c', 'curl --version && jq --version']),
  script('aiohttp', 'script with aiohttp', 'python3', 'aiohttp_script.py', ['python3', '-c', 'import aiohttp']),
  script('seed', "the seed's job, 10 processes", 'python3', 'seed_job.py', ['python3', '--version']),
];

/** The rows of these names that can run here, of all where there are none. */
export function chooseRows(names: readonly string[]): Row[] {
  const chosen = ROWS.filter(({ name }) => names.length === 0 || names.includes(name));
  return chosen.filter(canRun);
}

/** Whether what it needs is installed; says so where it is not. */
export function canRun({ name, needs: [file, ...args] = [] }: Pick<Row, 'name' | 'needs'>): boolean {
  if (file === undefined || spawnSync(file, args).status === 0) return true;
  process.stderr.write(`skipped: ${name}: what it needs is not installed\n`);
  return false;
}

/** The row of this name. */
export function rowOf(name: string): Row {
  const row = ROWS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`no row is named ${name}`);
  return row;
}
