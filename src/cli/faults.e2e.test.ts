import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { linesOf, runAggregate, runFile, startAggregate } from '../testing/aggregate-process.ts';
import { processesLeftOf } from '../testing/process-group.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const HOOK = fileURLToPath(new URL('../../fixtures/throws-when-told.ts', import.meta.url));
const ROWS = 1000;
/** Within the limit for an answer, and hundreds of megabytes once it is parsed. */
const BOMB = `{"details":[${'[[[]]],'.repeat(1_300_000)}{}]}`;
/** Within the limit for an answer, and seconds of work: each of its numbers keeps its digits. */
const SLOW_TO_READ = `{"details":[${'{"id":[[[1.0]]]},'.repeat(600_000)}{"id":1}]}`;

async function scene() {
  const base = temporaryFolder();
  const folder = join(base, 'out');
  const list = join(base, 'list.csv');
  const trigger = join(base, 'throw');
  mkdirSync(folder);
  await writeList(list, ROWS);
  const endpoint = await startEndpoint({ latencyMs: 10 });
  onTestFinished(() => endpoint.close());
  const flags = ['--source-file', list, '--url', endpoint.template, '--output-directory', folder];
  const args = (command: string) => [command, ...flags, '--process-count', '2', '--checkpoint-seconds', '0.05'];
  return { base, folder, endpoint, trigger, args };
}

const withoutUrl = (flags: string[]): string[] => {
  const at = flags.indexOf('--url');
  return flags.filter((_, index) => index !== at && index !== at + 1);
};

const allLines = (): string[] =>
  Array.from({ length: ROWS }, (_, index) => expectedLinesOf(customerAt(index)))
    .flat()
    .sort();

/** An endpoint of one long answer, for the customer `giant`, and short ones for everybody else; gives its URL template. */
async function giantEndpoint(giant: string): Promise<string> {
  const answers = createServer(({ url = '' }, response) => {
    const customer = url.split('/')[1] ?? '';
    response.end(customer === 'giant' ? giant : JSON.stringify({ details: [{ id: customer }] }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void answers.close());
  await once(answers, 'listening');
  const address = answers.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}/{0}`;
}

/** Runs a list with `giant` among 52 others against such an endpoint. */
async function runWithGiant(giant: string, more: string[], env: Record<string, string> = {}) {
  const { base, folder, args } = await scene();
  const others = Array.from({ length: 52 }, (_, i) => `a${i}`);
  writeFileSync(join(base, 'list.csv'), `customer\n${others.toSpliced(50, 0, 'giant').join('\n')}\n`);
  const [command = '', ...flags] = args('run');
  const all = [command, ...withoutUrl(flags), '--url', await giantEndpoint(giant), '--fields', 'id', ...more];
  const { exitCode, stderr } = await runAggregate(all, { env });
  const customers = new Set(linesOf(folder, 'results').map((line) => line.split(', ')[0]));
  return { folder, exitCode, stderr, customers, others };
}

describe('a child that meets one giant answer', () => {
  it('C5: and runs out of memory, gives up that customer, and nobody else', async () => {
    const { folder, exitCode, customers, others } = await runWithGiant(BOMB, [], {
      NODE_OPTIONS: '--max-old-space-size=64',
    });
    expect(exitCode).toBe(1);
    expect(linesOf(folder, 'failed')).toEqual(['customer', 'giant']);
    expect(linesOf(folder, 'exceptions').join()).toContain('"kind":"worker_crash"');
    expect(customers).toEqual(new Set(others));
  }, 120_000);

  it('C6: is blocked by it for longer than it may be silent, and is not killed: it makes progress', async () => {
    const { folder, exitCode, customers, others } = await runWithGiant(SLOW_TO_READ, ['--child-silence-seconds', '2']);
    expect(linesOf(folder, 'exceptions')).toEqual([]);
    expect(linesOf(folder, 'log').join()).not.toContain('not been heard of');
    expect(exitCode).toBe(0);
    expect(customers).toEqual(new Set([...others, 'giant']));
  }, 120_000);
});

describe('a fault of our own', () => {
  it('P5: in the parent ends the run with 70 and what happened, leaves nobody behind, and the run can go on', async () => {
    const { folder, endpoint, trigger, args } = await scene();
    const { process: parent, ended } = startAggregate(args('run'), {
      isDetached: true,
      nodeOptions: ['--import', HOOK],
      env: { THROW_WHEN_THERE: trigger },
    });
    await expect.poll(() => endpoint.requests).toBeGreaterThan(100);
    writeFileSync(trigger, '');
    const { exitCode, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 70,
      stderr: expect.stringMatching(/^aggregate: .*a fault of our own\naggregate: {5}at /),
    });
    expect(stderr).toContain('aggregate resume');
    expect(await processesLeftOf(parent.pid ?? 0, 10_000)).toEqual([]);
    expect(endpoint.requests).toBeLessThan(ROWS);
    expect(await runAggregate(args('resume'))).toMatchObject({ exitCode: 0 });
    expect([...linesOf(folder, 'results')].sort()).toEqual(allLines());
  });

  it('C12: in the children, as a rejection that nobody hears, is a crash: the stack stands in the log, nobody is lost', async () => {
    const { folder, endpoint, trigger, args } = await scene();
    const { ended } = startAggregate(args('run'), {
      env: {
        NODE_OPTIONS: `--import ${HOOK}`,
        THROW_WHEN_THERE: trigger,
        THROW_IN: 'child',
        THROW_AS: 'rejection',
      },
    });
    await expect.poll(() => endpoint.requests).toBeGreaterThan(100);
    writeFileSync(trigger, '');
    const log = () => readFileSync(runFile(folder, 'log') ?? '', 'utf8');
    await expect.poll(log).toMatch(/Child \d+ died while working \(exit code 1\); \d+ customers go back to the queue/);
    rmSync(trigger);
    const { exitCode } = await ended;
    expect(exitCode).toBe(0);
    expect(log()).toMatch(/it said: .*Error: a fault of our own.*throws-when-told/);
    expect([...linesOf(folder, 'results')].sort()).toEqual(allLines());
  });
});
