import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { PATH_PREFIX } from '../../fixtures/routes.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkOutput, expectedOf } from './check-output.ts';
import { createLateEndpoint } from './late-endpoint.ts';
import { plainCustomers } from './list.ts';
import { cpuSecondsIn } from './measure.ts';
import { modelAnswerOf } from './model-answer.ts';
import { benchOptionsFrom } from './options.ts';
import { figuresOf, ratiosOf, ratioTableOf, tableOf, untoldGoals } from './report.ts';
import { chooseTrials, expectKnown } from './trials.ts';

const CUSTOMERS = [...plainCustomers(20)];
const EXPECTED = expectedOf(CUSTOMERS, expectedLinesOf);
const RESULTS = CUSTOMERS.flatMap((customer) => expectedLinesOf(customer));
const LOG = CUSTOMERS.flatMap((customer) => [
  `2026/01/31 23:59:59 - Requesting details for customer ${customer}`,
  `2026/01/31 23:59:59 - Successfully retrieved 1 details(s) for ${customer}`,
]);

function outputOf({ results = RESULTS, failed = [] as string[], log = LOG }): string {
  const folder = temporaryFolder();
  for (const [name, lines] of Object.entries({ results, failed, log })) {
    writeFileSync(join(folder, `${name}.txt`), lines.map((line) => `${line}\n`).join(''));
  }
  return folder;
}

test('a job done in any order counts', async () => {
  await expect(checkOutput(outputOf({ results: RESULTS.toReversed() }), EXPECTED)).resolves.toBeUndefined();
});

test.each<[string, Parameters<typeof outputOf>[0]]>([
  ['a result line is missing', { results: RESULTS.slice(1) }],
  ['a result line is doubled', { results: [...RESULTS, RESULTS[0] ?? ''] }],
  ['two lines have each a piece of the other', { results: [`${RESULTS[0]?.slice(0, 12)}`, ...RESULTS.slice(1)] }],
  ['a customer failed', { failed: ['C1'] }],
  ['a log line is missing', { log: LOG.slice(1) }],
])('no figure counts where %s', async (_, output) => {
  await expect(checkOutput(outputOf(output), EXPECTED)).rejects.toThrow();
});

test('the time of all processes is read from what the shell says of its children', () => {
  expect(cpuSecondsIn('0m0.001000s 0m0.002000s\n1m2.500000s 0m0.250000s\n')).toBeCloseTo(62.75);
  expect(() => cpuSecondsIn('nothing')).toThrow('not what times prints');
});

test('figures are medians, ratios say whether they are reached, and only those of measured rows are told', () => {
  const options = benchOptionsFrom(['--customers', '1000', '--rounds', '3']);
  const runs = (...seconds: number[]) =>
    seconds.map((it) => ({ seconds: it, cpuSeconds: it / 10, largestMb: 160, parentMb: 90, childMb: 160, allMb: 200 }));
  const figures = [
    { name: 'aggregate-got', title: 'ours', runs: runs(1, 9, 2) },
    { name: 'got', title: 'bare', runs: runs(1, 1, 1) },
  ].map((row) => figuresOf(row, 1000));
  expect(tableOf(figures, options)).toContain('| ours | 500 | 200 | 160 | 200 |');
  expect(ratioTableOf(ratiosOf(figures, options)).split('\n').slice(2)).toEqual([
    '| got: CPU to that of the bare got loop | 2.00 | ≤ 1 | **not reached** |',
    '| ours: MB of the parent | 90.00 | ≤ 120 | reached |',
    '| ours: MB of the largest child | 160.00 | ≤ 150 | **not reached** |',
  ]);
});

test('with a latency, speed stands beside what the latency allows', () => {
  const options = benchOptionsFrom(['--customers', '1280', '--latency-ms', '50']);
  const run = { seconds: 1.02, cpuSeconds: 0.1, largestMb: 90, parentMb: 90, childMb: 80, allMb: 200 };
  const figures = [figuresOf({ name: 'aggregate-got', title: 'ours', runs: [run] }, 1280)];
  expect(tableOf(figures, options)).toContain('| 98.0 % |');
  expect(ratiosOf(figures, options)).toMatchObject([{ goal: 0.975, isAtMost: false }, { goal: 120 }, { goal: 150 }]);
});

test('a name that is no row and no trial is told, with those that are', () => {
  expect(() => expectKnown(['got', 'slow-customers'])).not.toThrow();
  expect(() => expectKnown(['gott'])).toThrow(/nothing is named gott: aggregate-got, .*slow-disk, growth/);
});

test('trials that take long take part only where they are named', () => {
  const names = (...args: string[]) => chooseTrials(benchOptionsFrom(args)).map(({ name }) => name);
  expect(names()).not.toContain('growth');
  expect(names('--only', 'growth')).toEqual(['growth']);
  expect(names('--latency-ms', '50')).toEqual([]);
});

test('goals that a run says nothing of are named, with how they are measured', () => {
  expect(untoldGoals(benchOptionsFrom([]))).toMatch(/--latency-ms 50.*--only growth/);
  expect(untoldGoals(benchOptionsFrom(['--latency-ms', '50']))).toMatch(/without `--latency-ms`.*--only growth/);
});

test('the endpoint that takes its time gives each customer its own answer, on connections that are used again', async () => {
  const server = createLateEndpoint(5).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const ask = async (customer: string) =>
    await (await fetch(`http://127.0.0.1:${port}${PATH_PREFIX}${customer}`)).text();
  for (const customers of [CUSTOMERS.slice(0, 10), CUSTOMERS.slice(10)]) {
    expect(await Promise.all(customers.map(ask))).toEqual(customers.map(modelAnswerOf));
  }
  server.close();
});
