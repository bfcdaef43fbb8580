import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOutput, type Expected, expectedOf } from './check-output.ts';
import { plainCustomers, writeBenchList } from './list.ts';
import { measure } from './measure.ts';
import { type BenchOptions, benchOptionsFrom } from './options.ts';
import { figuresOf, type Measured, ratiosOf, ratioTableOf, tableOf, untoldGoals } from './report.ts';
import { chooseRows, type Row } from './rows.ts';
import { type BenchServer, startServer } from './server.ts';
import { measureStarts } from './starts.ts';
import { chooseTrials, expectKnown, type TrialResult } from './trials.ts';

/**
 * `npm run bench -- [--customers N] [--latency-ms N] [--in-flight N] [--only NAME,…] [--rounds N]`: builds, then measures
 * this program beside what people use instead, tries it where something is slow, and prints Markdown. Each run's output is checked before its figure counts.
 */
async function main(): Promise<void> {
  const options = benchOptionsFrom(process.argv.slice(2));
  expectKnown(options.only);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('../../', import.meta.url)) });
  const folder = mkdtempSync(join(tmpdir(), 'aggregate-bench-'));
  const server = await startServer(options.latencyMs, folder);
  try {
    await bench(options, server, folder);
  } finally {
    await server.close();
  }
  rmSync(folder, { recursive: true });
}

async function bench(options: BenchOptions, server: BenchServer, folder: string): Promise<void> {
  const list = join(folder, 'list.csv');
  await writeBenchList(list, options.customers);
  const expected = expectedOf(plainCustomers(options.customers), server.linesOf);
  const measured = await measureRows(options, server, folder, expected);
  const trials = await runTrials(options, folder);
  const figures = measured.map((row) => figuresOf(row, options.customers));
  const wantsStarts = options.only.length === 0 && options.latencyMs === 0;
  const starts = wantsStarts ? await measureStarts(server.url, folder) : undefined;
  const ratios = [...ratiosOf(figures, options, starts), ...trials.flatMap((trial) => trial.ratios)];
  const parts = [
    describe(options, server),
    ...(figures.length > 0 ? [tableOf(figures, options)] : []),
    ...trials.map(({ account }) => account),
    ...(ratios.length > 0 ? [ratioTableOf(ratios)] : []),
    ...(options.only.length === 0 ? [untoldGoals(options)] : []),
  ];
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

async function runTrials(options: BenchOptions, folder: string): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  for (const trial of chooseTrials(options)) {
    const own = join(folder, trial.name);
    mkdirSync(own);
    results.push(await trial.run(options, own));
  }
  return results;
}

/** All rows, one after the other, and then all again: what else the machine does meets each of them alike. */
async function measureRows(
  options: BenchOptions,
  server: BenchServer,
  folder: string,
  expected: Expected,
): Promise<Measured[]> {
  const measured = chooseRows(options.only).map((row) => ({ row, runs: [] as Measured['runs'] }));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { row, runs } of measured) {
      runs.push(await measureRow(row, options, server, join(folder, `${row.name}-${round}`), expected, folder));
    }
  }
  return measured.map(({ row: { name, title }, runs }) => ({ name, title, runs }));
}

async function measureRow(
  row: Row,
  { inFlight, customers }: BenchOptions,
  { url }: BenchServer,
  output: string,
  expected: Expected,
  folder: string,
): Promise<Measured['runs'][number]> {
  mkdirSync(output);
  // The loops are TypeScript: what is compiled of them is kept, as it is of this program.
  const env = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const run = await measure(row.command({ list: join(folder, 'list.csv'), url, folder: output, inFlight }), env);
  await checkOutput(output, expected);
  rmSync(output, { recursive: true });
  const cpu = (run.cpuSeconds / customers) * 1e6;
  process.stderr.write(`${row.name}: ${run.seconds.toFixed(2)} s, ${cpu.toFixed(1)} µs a customer\n`);
  return run;
}

function describe({ customers, inFlight, rounds }: BenchOptions, { title }: BenchServer): string {
  const [{ model } = { model: 'unknown' }, ...others] = cpus();
  const machine = `${1 + others.length} × ${model}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`;
  const what = `${customers.toLocaleString('en-US')} customers, ${inFlight} requests in flight, medians of ${rounds}`;
  return `${what}; ${title}. ${machine}, ${new Date().toISOString().slice(0, 10)}.`;
}

await main();
