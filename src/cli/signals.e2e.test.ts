import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { type Ended, linesOf, runAggregate, runFile, startAggregate } from '../testing/aggregate-process.ts';
import { processesLeftOf } from '../testing/process-group.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const ROWS = 800;
/** What one child has under way. */
const IN_FLIGHT = 16;

async function scene() {
  const base = temporaryFolder();
  const folder = join(base, 'out');
  const list = join(base, 'list.csv');
  mkdirSync(folder);
  await writeList(list, ROWS);
  const endpoint = await startEndpoint({ latencyMs: 20 });
  onTestFinished(() => endpoint.close());
  const flags = ['--source-file', list, '--url', endpoint.template, '--output-directory', folder];
  return { folder, list, endpoint, flags };
}

/** Runs the command that an interrupted run says goes on, word for word, in a shell. */
async function goOn({ stderr }: Ended): Promise<Ended> {
  const [, command = ''] = /^ {2}go on: {2}aggregate (.*)$/m.exec(stderr) ?? [];
  expect(command).toMatch(/^resume \d{8}-\d{6} /);
  return await runAggregate([], { wrapper: ['bash', '-c', `"$@" ${command}`, 'bash'] });
}

const allLines = (): string[] =>
  Array.from({ length: ROWS }, (_, index) => expectedLinesOf(customerAt(index)))
    .flat()
    .sort();

describe('a signal', () => {
  for (const { row, signal, to, exitCode } of [
    { row: 'X1', signal: 'SIGTERM', to: 'parent', exitCode: 143 },
    { row: 'X4', signal: 'SIGHUP', to: 'parent', exitCode: 143 },
    { row: 'X2', signal: 'SIGINT', to: 'group', exitCode: 130 },
  ] as const) {
    it(`${row}: ${signal} to the ${to} lets a run finish what is in flight and ends it with ${exitCode}; the command that it names completes it, and nobody is asked for twice`, async () => {
      const { folder, endpoint, flags } = await scene();
      const { process: parent, ended } = startAggregate(['run', ...flags, '--process-count', '2'], {
        isDetached: true,
      });
      await expect.poll(() => endpoint.requests, { timeout: 30_000, interval: 5 }).toBeGreaterThan(100);
      const pid = parent.pid ?? 0;
      process.kill(to === 'group' ? -pid : pid, signal);
      const interrupted = await ended;
      expect(interrupted.exitCode).toBe(exitCode);
      expect(interrupted.stderr).toContain(`interrupted by ${signal}`);
      expect(endpoint.requests).toBeLessThan(ROWS);
      expect(await processesLeftOf(pid, 10_000)).toEqual([]);
      const answered = [...endpoint.counts().keys()].flatMap((customer) => expectedLinesOf(customer));
      expect([...linesOf(folder, 'results')].sort()).toEqual(answered.sort());
      expect(runFile(folder, 'summary')).toBeUndefined();
      expect(await goOn(interrupted)).toMatchObject({ exitCode: 0 });
      expect([...linesOf(folder, 'results')].sort()).toEqual(allLines());
      expect(new Set(endpoint.counts().values())).toEqual(new Set([1]));
    });
  }

  it('X3: that comes twice ends a run at once, although no answer comes, and the run can go on', async () => {
    const { folder, list, endpoint, flags } = await scene();
    writeFileSync(list, `customer\n${Array.from({ length: IN_FLIGHT }, (_, i) => `fault-hang:1~${i}\n`).join('')}`);
    const { process: parent, ended } = startAggregate(
      ['run', ...flags, '--process-count', '1', '--canary', '0', '--no-adaptive'],
      { isDetached: true },
    );
    let said = '';
    parent.stderr?.on('data', (text: string) => {
      said += text;
    });
    await expect.poll(() => endpoint.requests, { timeout: 30_000 }).toBe(IN_FLIGHT);
    parent.kill('SIGINT');
    await expect.poll(() => said, { timeout: 30_000 }).toContain('once more to leave at once');
    parent.kill('SIGINT');
    const interrupted = await ended;
    expect(interrupted.exitCode).toBe(130);
    expect(linesOf(folder, 'log').join('\n')).toContain('second signal received: leaving at once');
    expect(await processesLeftOf(parent.pid ?? 0, 10_000)).toEqual([]);
    const { exitCode } = await goOn(interrupted);
    expect(exitCode).toBe(0);
    expect(linesOf(folder, 'failed')).toEqual([]);
  });
});
