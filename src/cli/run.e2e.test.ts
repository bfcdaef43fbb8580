import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { DEFAULT_PLAN_KINDS, type FaultPlan, faultOf, isTransient } from '../../fixtures/fault-plan.ts';
import { customerAt, rowAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import {
  childrenOf,
  linesOf,
  residentMegabytes,
  runAggregate,
  runFile,
  startAggregate,
} from '../testing/aggregate-process.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

async function endpointWith(options?: Parameters<typeof startEndpoint>[0]): Promise<Endpoint> {
  const endpoint = await startEndpoint(options);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

const CHILD_STAND_IN = new URL('../../fixtures/stands-in-for-children.js', import.meta.url);

const argsFor = (list: string, endpoint: Pick<Endpoint, 'template'>, folder: string, ...more: string[]): string[] => [
  'run',
  ...['--source-file', list],
  ...['--url', endpoint.template],
  ...['--output-directory', folder],
  ...(more.includes('--process-count') ? more : ['--process-count', '1', ...more]),
];

async function listOf(folder: string, count: number): Promise<string> {
  const list = join(folder, 'customers.csv');
  await writeList(list, count);
  return list;
}

const customers = (count: number): string[] => Array.from({ length: count }, (_, i) => customerAt(i));
const sorted = (lines: string[]): string[] => [...lines].sort();

/** Looks at a process until it is gone: its resident memory when its output had so many bytes. */
async function lookAt(child: ChildProcess, bytesNow: () => number): Promise<{ bytes: number; megabytes: number }[]> {
  const looks: { bytes: number; megabytes: number }[] = [];
  while (child.exitCode === null && child.signalCode === null) {
    const megabytes = residentMegabytes(child.pid ?? 0);
    if (!Number.isNaN(megabytes)) looks.push({ bytes: bytesNow(), megabytes });
    await sleep(5);
  }
  return looks;
}

/** Each customer's lines stand together: its name never comes back after another's. */
function expectBlocks(lines: string[]): void {
  const names = lines.map((line) => /^("(?:[^"]|"")*"|[^,]*), /.exec(line)?.[1]);
  const blocks = names.filter((name, i) => name !== names[i - 1]);
  expect(new Set(blocks).size).toBe(blocks.length);
}

describe('aggregate run', () => {
  it('gets 5,000 customers in 4 children: every one once, every line as the endpoint gives it', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = await listOf(folder, 5000);
    const ended = await runAggregate(argsFor(list, endpoint, folder, '--process-count', '4'));
    expect(ended).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
    const lines = linesOf(folder, 'results');
    expect(sorted(lines)).toEqual(sorted(customers(5000).flatMap((customer) => expectedLinesOf(customer))));
    expectBlocks(lines);
    expect(endpoint.requests).toBe(5000);
    expect(new Set(endpoint.counts().values())).toEqual(new Set([1]));
    expect(endpoint.strays).toEqual([]);
    expect(runFile(folder, 'failed')).toBeUndefined();
    expect(linesOf(folder, 'log').filter((line) => line.includes(' - Requesting details for customer '))).toHaveLength(
      5000,
    );
  });

  it('puts 5 % of faults of every kind into the failed file, which is the next input as it stands', async () => {
    const plan: FaultPlan = { rate: 0.05, seed: 15 };
    const folder = temporaryFolder();
    const endpoint = await endpointWith({ faults: plan });
    const list = await listOf(folder, 2100);
    const first = await runAggregate(argsFor(list, endpoint, folder, '--process-count', '2', '--timeout-seconds', '5'));
    const isLost = (customer: string) => {
      const fault = faultOf(customer, plan);
      return fault !== undefined && !isTransient(fault);
    };
    const all = customers(2100);
    const lost = all.filter(isLost);
    const met = new Set(all.map((customer) => faultOf(customer, plan)));
    expect(DEFAULT_PLAN_KINDS.filter((kind) => !met.has(kind))).toEqual([]);
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toBe('');
    expect(first.stderr).toContain(`${lost.length} failed`);
    const rows = all.flatMap((customer, i) => (isLost(customer) ? [rowAt(i)] : []));
    const [header, ...failedRows] = linesOf(folder, 'failed');
    expect(header).toBe('customer,name,region');
    expect(sorted(failedRows)).toEqual(sorted(rows));
    const exceptions = linesOf(folder, 'exceptions').map((line) => JSON.parse(line));
    expect(sorted(exceptions.map(({ customer }) => customer))).toEqual(sorted(lost));
    for (const { kind, message, attempts } of exceptions) {
      expect(kind).toMatch(/^(http_4xx|http_5xx|rate_limited|timeout|network|bad_answer)$/);
      expect(message).not.toBe('');
      expect(attempts).toBeGreaterThan(0);
    }

    endpoint.setFaults(undefined);
    const again = temporaryFolder();
    const failed = runFile(folder, 'failed') ?? '';
    const second = await runAggregate(argsFor(failed, endpoint, again));
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    const union = [...linesOf(folder, 'results'), ...linesOf(again, 'results')];
    const expected = all.flatMap((customer) =>
      expectedLinesOf(customer, isLost(customer) ? undefined : faultOf(customer, plan)),
    );
    // A value may hold a line break, quoted: compared are physical lines.
    expect(sorted(union)).toEqual(sorted(expected.flatMap((line) => line.split('\n'))));
  });

  it('C1: loses and doubles nothing when its children are killed ten times', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith({ latencyMs: 5 });
    const list = await listOf(folder, 2000);
    const { process: parent, ended } = startAggregate(argsFor(list, endpoint, folder, '--process-count', '3'));
    for (let kills = 0; kills < 10; kills += 1) {
      await expect.poll(() => endpoint.requests, { interval: 5 }).toBeGreaterThan((kills + 1) * 120);
      const pids = childrenOf(parent.pid ?? 0);
      process.kill(pids[kills % pids.length] ?? 0, 'SIGKILL');
    }
    expect(await ended).toMatchObject({ exitCode: 0 });
    const lines = linesOf(folder, 'results');
    expect(sorted(lines)).toEqual(sorted(customers(2000).flatMap((customer) => expectedLinesOf(customer))));
    expectBlocks(lines);
    const deaths = linesOf(folder, 'log').filter((line) => line.includes('signal SIGKILL'));
    expect(deaths).toHaveLength(10);
    expect(deaths[0]).toMatch(/Child \d+ died while working \(signal SIGKILL\); \d+ customers go back to the queue/);
  });

  it('writes the run marks of the original, a summary, and a journal that says it is at its end', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = await listOf(folder, 50);
    await runAggregate(argsFor(list, endpoint, folder));
    const log = linesOf(folder, 'log');
    const [first] = log;
    const [finished, runtime] = log.slice(-2);
    expect(first).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d - \[Run started\]$/);
    expect(finished).toMatch(/ - \[Run finished\]$/);
    expect(runtime).toMatch(/ - \[Total runtime: \d+:\d\d:\d\d(\.\d{6})?\]$/);
    const summary = JSON.parse(readFileSync(runFile(folder, 'summary') ?? '', 'utf8'));
    expect(summary).toMatchObject({ exit_code: 0, customers: { total: 50, ok: 50, failed: 0 }, requests: 50 });
    expect(summary.records).toBe(linesOf(folder, 'results').length);
    expect(linesOf(folder, 'journal').at(-1)).toContain('"type":"end","rows":50');
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('S12: lets nobody but their owner read its files, whatever the umask allows', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'customer\nc1\nfault-404\n');
    const wrapper = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    const { exitCode } = await runAggregate(argsFor(list, endpoint, folder, '--report'), { wrapper });
    expect(exitCode).toBe(1);
    const files = readdirSync(folder).filter((name) => name !== 'list.csv');
    expect(files.map((name) => name.replace(/-.*/, '')).sort()).toEqual([
      'exceptions',
      'failed',
      'journal',
      'log',
      'report',
      'results',
      'samples',
      'summary',
    ]);
    for (const name of files) expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('silences the two lines a customer with log_level warn, but not the marks and the exceptions', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'customer\nC1\nfault-404\n');
    await runAggregate(argsFor(list, endpoint, folder, '--log-level', 'warn'));
    const messages = linesOf(folder, 'log').map((line) => line.slice(22));
    expect(messages).toEqual([
      '[Run started]',
      expect.stringMatching(/^EXCEPTION GETTING fault-404! - HTTP 404/),
      '[Run finished]',
      expect.stringContaining('[Total runtime: '),
    ]);
  });

  it('S1 to S4, S7: keeps the log a line an entry and the customer in its segment, whatever the list holds', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const hostile = [
      '../admin',
      'a/b',
      'x?y=1',
      'a#f',
      'http://elsewhere/',
      '//decoy/',
      '@decoy',
      '%2e%2e',
      'a\\b',
      '007',
      '.',
      '..',
    ];
    const quoted = '"7\n2026/01/01 00:00:00 - [Run finished]\u001b[31m"';
    const list = join(folder, 'list.csv');
    writeFileSync(list, ['customer', ...hostile, quoted, ''].join('\n'));
    const { exitCode } = await runAggregate(argsFor(list, endpoint, folder));
    expect(exitCode).toBe(1);
    expect(endpoint.strays).toEqual([]);
    const asked = hostile.slice(0, -2);
    for (const customer of asked) expect(endpoint.countOf(customer)).toBe(1);
    expect(linesOf(folder, 'failed')).toEqual(['customer', '.', '..']);
    const log = readFileSync(runFile(folder, 'log') ?? '', 'utf8');
    for (const line of log.trimEnd().split('\n')) expect(line).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d - /);
    expect(log).not.toContain('\u001b');
  });

  it('sends rows that no request can be made for to the failed file as they were, with a log line', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = join(folder, 'list.csv');
    const notUtf8 = Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x2c, 0x78]);
    writeFileSync(
      list,
      Buffer.concat([
        Buffer.from('customer,name\r\nC1,a\r\n,nobody\r\n\r\nC2,"b\r\n'),
        notUtf8,
        Buffer.from('\r\nC3,c'),
      ]),
    );
    const { exitCode, stderr } = await runAggregate(argsFor(list, endpoint, folder));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('3 failed (bad_row 3)');
    const failed = readFileSync(runFile(folder, 'failed') ?? '');
    const expected = Buffer.concat([
      Buffer.from('customer,name\r\n,nobody\r\nC2,"b\r\n'),
      notUtf8,
      Buffer.from('\r\n'),
    ]);
    expect(failed.equals(expected)).toBe(true);
    const log = linesOf(folder, 'log').join('\n');
    expect(log).toMatch(/EXCEPTION GETTING row 2! - line 3: no customer/);
    expect(log).toMatch(/line 5: /);
    expect(log).toMatch(/line 6: not UTF-8/);
    expect(endpoint.requests).toBe(2);
  });

  it('reads the list from standard input', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const ended = await runAggregate(argsFor('-', endpoint, folder), { stdin: 'customer\nC1\nC2' });
    expect(ended.exitCode).toBe(0);
    expect(sorted(linesOf(folder, 'results'))).toEqual(
      sorted(['C1', 'C2'].flatMap((customer) => expectedLinesOf(customer))),
    );
  });

  it('has nothing to do, and says so with exit 0, for a list with a header only', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'customer\n');
    expect(await runAggregate(argsFor(list, endpoint, folder))).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(runFile(folder, 'summary') ?? '', 'utf8')).customers.total).toBe(0);
  });

  it('F15: reads a list that is a pipe to its end, and can be resumed from the copy', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const list = await listOf(folder, 300);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `cat '${list}' > '${pipe}'`]);
    const { exitCode } = await runAggregate(argsFor(pipe, endpoint, folder));
    expect(exitCode).toBe(0);
    expect(writer.exitCode).toBe(0);
    expect(sorted(linesOf(folder, 'results'))).toEqual(sorted(customers(300).flatMap((c) => expectedLinesOf(c))));
    expect(readFileSync(runFile(folder, 'source') ?? '')).toEqual(readFileSync(list));
  });

  it('leaves at a signal although nobody writes to the pipe that is its list', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const started = startAggregate(argsFor(pipe, endpoint, folder));
    await expect.poll(() => readdirSync(folder).some((name) => name.endsWith('.lock'))).toBe(true);
    started.process.kill('SIGTERM');
    expect((await started.ended).exitCode).toBe(143);
  });

  it.runIf(existsSync('/proc/self/status'))('P6, F12: does not grow with the list: 100,000 customers', async () => {
    const folder = temporaryFolder();
    const list = await listOf(folder, 100_000);
    const args = argsFor(list, { template: 'http://127.0.0.1:9/{0}' }, folder, '--process-count', '2');
    const { process: parent, ended } = startAggregate([...args, '--log-level', 'warn'], {
      env: { NODE_OPTIONS: `--import ${fileURLToPath(CHILD_STAND_IN)}` },
    });
    const looks = await lookAt(parent, () => statSync(runFile(folder, 'results') ?? folder).size);
    expect((await ended).exitCode).toBe(0);
    expect(linesOf(folder, 'results')).toHaveLength(100_000);
    const bytes = statSync(runFile(folder, 'results') ?? '').size;
    const between = (from: number, to: number) =>
      looks.filter((look) => look.bytes > from * bytes && look.bytes < to * bytes).map(({ megabytes }) => megabytes);
    // A single look could meet it just after a collection.
    expect(Math.max(...between(0.9, 1)) - Math.max(...between(0.05, 0.2))).toBeLessThan(40);
  });

  it('ends by itself where the list is not there: the child that was to load meanwhile does not hold it', async () => {
    const folder = temporaryFolder();
    const args = argsFor(join(folder, 'none.csv'), await endpointWith({}), folder);
    expect(await runAggregate(args)).toMatchObject({ exitCode: 2, signal: null });
  });

  it('P1: has children that leave when it is killed', async () => {
    const folder = temporaryFolder();
    const endpoint = await endpointWith({ latencyMs: 20 });
    const list = await listOf(folder, 2000);
    const started = startAggregate(argsFor(list, endpoint, folder, '--process-count', '2'));
    await expect.poll(() => endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(100);
    const pids = childrenOf(started.process.pid ?? 0);
    expect(pids).toHaveLength(2);
    started.process.kill('SIGKILL');
    await started.ended;
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([]);
  });
});
