import { execFile, execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { stampOf } from '../output/stamp.ts';
import { linesOf, runAggregate, runFile, startAggregate } from '../testing/aggregate-process.ts';
import { hasMounts, hasStrace } from '../testing/requirements.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { straceWords, TRACED_ENV, tracedPaths } from '../torture/strace.ts';
import { runPoint } from '../torture/sweep-point.ts';

/** More than 64 KiB hold, with their log. */
const FULL_ROWS = 600;
/** Many times what the children hold. */
const SLOW_ROWS = 300;

const BIN = fileURLToPath(new URL('../../bin/aggregate.js', import.meta.url));

interface Scene {
  base: string;
  /** The output directory, empty. */
  folder: string;
  endpoint: Endpoint;
  args(command: string, ...more: string[]): string[];
}

async function scene(rows = 50): Promise<Scene> {
  const base = temporaryFolder();
  const folder = join(base, 'out');
  const list = join(base, 'list.csv');
  mkdirSync(folder);
  await writeList(list, rows);
  const endpoint = await startEndpoint();
  onTestFinished(() => endpoint.close());
  const args = (command: string, ...more: string[]) => [
    command,
    ...['--source-file', list, '--url', endpoint.template, '--process-count', '2', ...more],
  ];
  return { base, folder, endpoint, args };
}

/** The customers whose records stand in the results by now. */
function customersWritten(folder: string): Set<string> {
  const file = runFile(folder, 'results');
  const lines = file === undefined ? [] : readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return new Set(lines.map((line) => line.split(',')[0] ?? ''));
}

const linesFor = (rows: number): string[] =>
  Array.from({ length: rows }, (_, index) => expectedLinesOf(customerAt(index)))
    .flat()
    .sort();

/** Refused before the first request, in a sentence that names the path. */
async function expectRefusal({ endpoint }: Scene, args: string[], path: string): Promise<void> {
  const { exitCode, stderr } = await runAggregate(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(path) });
  expect(endpoint.requests).toBe(0);
}

/** Runs a shell script with the right to mount; `$DIR` is where, `aggregate` is the program. */
async function inOwnMounts(directory: string, script: string): Promise<{ stdout: string; stderr: string }> {
  const preamble = `DIR='${directory}'; aggregate() { '${process.execPath}' '${BIN}' "$@"; };`;
  return await promisify(execFile)('unshare', ['-rm', 'bash', '-c', `${preamble} ${script}`]);
}

const shellWords = (args: string[]): string => args.map((arg) => `'${arg}'`).join(' ');

describe('a full disk', () => {
  it.skipIf(!hasMounts('a run on a full disk'))(
    'D1: stops with exit 4 and the command that goes on, and the run is complete after space is made',
    async () => {
      const { base, folder, args } = await scene(FULL_ROWS);
      const copy = join(base, 'copy');
      const more = ['--output-directory', folder];
      const { stdout, stderr } = await inOwnMounts(
        folder,
        `mount -t tmpfs -o size=64k tmpfs "$DIR"
         aggregate ${shellWords(args('run', ...more))}; echo "first $?"
         mount -o remount,size=16m "$DIR"
         aggregate ${shellWords(args('resume', ...more))}; echo "second $?"
         cp -r "$DIR" '${copy}'`,
      );
      expect(stdout).toBe('first 4\nsecond 0\n');
      expect(stderr).toMatch(/cannot write \S+: ENOSPC/);
      expect(stderr).toContain('go on:  aggregate resume ');
      // What was written after the last checkpoint is no more than the files hold by chance: it is cut off.
      const [, told] = /; up to the last checkpoint: ([\d,]+) customers? in the results, 0 failed/.exec(stderr) ?? [];
      const log = linesOf(copy, 'log').join('\n');
      expect(told).toBe(/\[Run resumed\] (\d+) settled before/.exec(log)?.[1]);
      expect([...linesOf(copy, 'results')].sort()).toEqual(linesFor(FULL_ROWS));
    },
  );

  it('D3: costs the log, with one warning, where only the log is on it', async () => {
    const { folder, args } = await scene();
    const { exitCode, stderr } = await runAggregate(
      args('run', '--output-directory', folder, '--log-file', '/dev/full'),
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(
        /^aggregate: cannot write \/dev\/full: ENOSPC[^\n]*; the run goes on without its log\n$/,
      ),
    });
    expect([...linesOf(folder, 'results')].sort()).toEqual(linesFor(50));
  });

  it.skipIf(!hasStrace('a disk that is full for one file'))(
    'D2: stops with exit 4 where it is the journal or the failed file alone that cannot grow',
    async () => {
      for (const name of ['journal', 'failed'] as const) {
        const when = name === 'journal' ? '5+' : '3+';
        const injection = { phase: 'run', syscall: 'pwrite64', effect: 'error=ENOSPC', when, files: [name] } as const;
        const { isReached, verdict, evidence } = await runPoint(injection, temporaryFolder());
        expect(isReached).toBe(true);
        expect(evidence.starts.map(({ exitCode }) => exitCode)).toEqual([4, 1]);
        expect(evidence.starts[0]?.stderr).toMatch(new RegExp(`cannot write \\S+/${name}-\\S+: ENOSPC`));
        expect(verdict.violations).toEqual([]);
      }
    },
  );
});

describe('an output directory', () => {
  it('that is moved away during a run stops it with exit 4, and it goes on when it is back', async () => {
    const { base, folder, args } = await scene(FULL_ROWS);
    const more = ['--output-directory', folder, '--checkpoint-seconds', '0.05', '--requests-per-process', '1'];
    const { ended } = startAggregate(args('run', ...more, '--rate-limit', '100/s'));
    await expect.poll(() => customersWritten(folder).size).toBeGreaterThan(0);
    renameSync(folder, join(base, 'elsewhere'));
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /^aggregate: cannot write \S+: it was moved or removed while the run was on; up to the last /,
    );
    expect(stderr).toContain('  to go on, put its files back where they were; then:  aggregate resume ');
    renameSync(join(base, 'elsewhere'), folder);
    expect(await runAggregate(args('resume', ...more))).toMatchObject({ exitCode: 0 });
    expect([...linesOf(folder, 'results')].sort()).toEqual(linesFor(FULL_ROWS));
  });
});

describe('a disk that fails', () => {
  it.skipIf(!hasStrace('an fdatasync that fails'))(
    'D4: stops the run at an fdatasync that fails, and never tries that one again',
    async () => {
      const folder = temporaryFolder();
      const injection = { phase: 'run', syscall: 'fdatasync', effect: 'error=EIO', when: '9' } as const;
      const { isReached, verdict, evidence } = await runPoint(injection, folder);
      expect(isReached).toBe(true);
      expect(evidence.starts.map(({ exitCode }) => exitCode)).toEqual([4, 1]);
      expect(evidence.starts[0]?.stderr).toMatch(/cannot write \S+: EIO/);
      expect(verdict.violations).toEqual([]);
      const trace = readFileSync(join(folder, 'point.trace'), 'utf8').split('\n');
      const at = trace.findIndex((line) => line.includes('(INJECTED)'));
      const [, path = ''] = /<([^>]*)>/.exec(trace[at] ?? '') ?? [];
      expect(path).toContain('/out/');
      expect(trace.slice(at + 1).filter((line) => line.includes(`<${path}>`))).toEqual([]);
    },
  );
});

describe('a slow disk', () => {
  it.skipIf(!hasStrace('a disk that is slower than the endpoint'))(
    'D8, C11: slows the requests down: nobody is asked for beyond what the children may hold, and the run is complete',
    async () => {
      const { folder, endpoint, args } = await scene(SLOW_ROWS);
      const limits = ['--chunk-size', '10', '--requests-per-process', '8', '--checkpoint-seconds', '0.001'];
      const late = { syscall: 'fdatasync', effect: 'delay_enter=150000', when: '1+' } as const;
      const { ended } = startAggregate(args('run', '--output-directory', folder, ...limits), {
        wrapper: straceWords(late, tracedPaths(folder), '/dev/null'),
        env: TRACED_ENV,
      });
      let mostAhead = 0;
      let looks = 0;
      let hasEnded = false;
      void ended.finally(() => {
        hasEnded = true;
      });
      while (!hasEnded) {
        // Who was asked for is looked at first, so that whoever is missing in the results was held by a child then.
        const asked = [...endpoint.counts().keys()].filter((customer) => expectedLinesOf(customer).length > 0);
        const written = customersWritten(folder);
        mostAhead = Math.max(mostAhead, asked.filter((customer) => !written.has(customer)).length);
        looks += 1;
        await sleep(5);
      }
      expect((await ended).exitCode).toBe(0);
      expect(looks).toBeGreaterThan(20);
      expect(mostAhead).toBeGreaterThan(0);
      // Two children that hold two chunks each.
      expect(mostAhead).toBeLessThanOrEqual(2 * 2 * 10);
      expect([...linesOf(folder, 'results')].sort()).toEqual(linesFor(SLOW_ROWS));
    },
  );
});

it('D7: a run that may have few open files says so, asks less at once, and nobody fails for it', async () => {
  const { folder, args } = await scene();
  const wrapper = ['sh', '-c', 'ulimit -n 64; exec "$0" "$@"'];
  const run = args('run', '--output-directory', folder, '--requests-per-process', '64');
  const ended = await runAggregate(run, { wrapper });
  expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('only 64 open files are allowed here') });
  expect([...linesOf(folder, 'results')].sort()).toEqual(linesFor(50));
});

describe('output paths', () => {
  it('D6: are refused before the first request where a directory is missing, or is none', async () => {
    const place = await scene();
    const { base, folder, args } = place;
    const missing = join(base, 'missing');
    await expectRefusal(place, args('run', '--output-directory', missing), missing);
    await expectRefusal(place, args('run', '--output-directory', join(base, 'list.csv')), 'list.csv');
    const log = ['--log-file', join(missing, 'log.txt')];
    await expectRefusal(place, args('run', '--output-directory', folder, ...log), missing);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(!hasMounts('a directory on a file system that is read only'))(
    'D6: are refused before the first request on a file system that is read only',
    async () => {
      const { folder, args, endpoint } = await scene();
      const { stdout, stderr } = await inOwnMounts(
        folder,
        `mount -t tmpfs -o ro tmpfs "$DIR"; aggregate ${shellWords(args('run', '--output-directory', folder))}; echo "$?"`,
      );
      expect({ stdout, stderr }).toEqual({ stdout: '2\n', stderr: expect.stringContaining(folder) });
      expect(endpoint.requests).toBe(0);
    },
  );

  it('D10: are refused where the log is a pipe that nobody reads', async () => {
    const place = await scene();
    const { base, folder, args } = place;
    const pipe = join(base, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expectRefusal(place, args('run', '--output-directory', folder, '--log-file', pipe), pipe);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('D10: that are taken by a file, a link, a directory or a pipe are left alone: the run takes another stamp', async () => {
    const { base, folder, args } = await scene();
    const target = join(base, 'target');
    writeFileSync(target, 'untouched');
    const nowMs = Date.now();
    const taken = Array.from({ length: 8 }, (_, ahead) => stampOf(new Date(nowMs + ahead * 1000)));
    const take = [
      (stamp: string) => symlinkSync(target, join(folder, `results-${stamp}.txt`)),
      (stamp: string) => symlinkSync(join(base, 'nowhere'), join(folder, `failed-${stamp}.txt`)),
      (stamp: string) => mkdirSync(join(folder, `summary-${stamp}.json`)),
      (stamp: string) => execFileSync('mkfifo', [join(folder, `journal-${stamp}.ndjson`)]),
    ];
    for (const [index, stamp] of taken.entries()) take[index % take.length]?.(stamp);
    const before = new Map(readdirSync(folder).map((name) => [name, lstatSync(join(folder, name)).mtimeMs]));
    expect((await runAggregate(args('run', '--output-directory', folder))).exitCode).toBe(0);
    for (const [name, mtimeMs] of before) expect(lstatSync(join(folder, name)).mtimeMs).toBe(mtimeMs);
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(readdirSync(base)).not.toContain('nowhere');
    const logs = readdirSync(folder).filter((name) => name.startsWith('log-'));
    expect(logs).toHaveLength(1);
    expect(taken.some((stamp) => logs[0]?.includes(stamp))).toBe(false);
    expect(runFile(folder, 'log')).toBeDefined();
  });
});
