import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { runAggregate, type Started, startAggregate } from '../testing/aggregate-process.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

interface Scene {
  folder: string;
  /** Never answers. */
  endpoint: Endpoint;
  args(command: string, ...more: string[]): string[];
}

async function scene(): Promise<Scene> {
  const base = temporaryFolder();
  const folder = join(base, 'out');
  mkdirSync(folder);
  const list = join(base, 'list.csv');
  writeFileSync(list, 'customer\nfault-hang~1\n');
  const endpoint = await startEndpoint();
  onTestFinished(() => endpoint.close());
  const args = (command: string, ...more: string[]) => [
    command,
    ...['--source-file', list, '--url', endpoint.template, '--process-count', '1', ...more],
  ];
  return { folder, endpoint, args };
}

/** A run that has the outputs and waits for its one answer. */
async function holder({ endpoint }: Scene, args: string[]): Promise<Started> {
  const before = endpoint.requests;
  const started = startAggregate(args, { isDetached: true });
  onTestFinished(() => killGroup(started));
  await expect.poll(() => endpoint.requests, { timeout: 30_000 }).toBe(before + 1);
  return started;
}

function killGroup({ process: { pid = 0 } }: Started): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

const notesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.lock'));

/** Kept out with exit 75, in a sentence, without a request. */
async function expectOverlap({ endpoint }: Scene, args: string[], said: RegExp): Promise<void> {
  const before = endpoint.requests;
  const { exitCode, stderr } = await runAggregate(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 75, stderr: expect.stringMatching(said) });
  expect(endpoint.requests).toBe(before);
}

describe('the lock of the outputs', () => {
  it('L1: keeps a second run and a resume out: exit 75, which run has them, its process, since when; nothing is sent', async () => {
    const place = await scene();
    const { folder, args } = place;
    const { process: first } = await holder(place, args('run', '--output-directory', folder));
    const names = readdirSync(folder).filter((name) => !name.endsWith('.lock'));
    const who = new RegExp(`under way \\(run \\d{8}-\\d{6}, process ${first.pid}, since \\d{4}-\\d\\d-\\d\\dT`);
    await expectOverlap(place, args('run', '--output-directory', folder), who);
    await expectOverlap(place, args('resume', '--output-directory', folder), who);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.lock'))).toEqual(names);
  });

  it('L5: holds without its note, and a note of a process that has it not keeps nobody out', async () => {
    const place = await scene();
    const { folder, args } = place;
    const first = await holder(place, args('run', '--output-directory', folder));
    const [note = ''] = notesIn(folder);
    const text = readFileSync(join(folder, note), 'utf8');
    for (const name of notesIn(folder)) rmSync(join(folder, name));
    await expectOverlap(place, args('run', '--output-directory', folder), /another run that writes \S+ is under way;/);
    killGroup(first);
    await first.ended;
    writeFileSync(join(folder, note), text.replace(/"pid":\d+/, `"pid":${process.pid}`));
    await holder(place, args('run', '--output-directory', folder));
  });

  it('L2: is free the moment its process was killed, three times in a row', async () => {
    const place = await scene();
    const { folder, args } = place;
    for (let i = 0; i < 3; i += 1) {
      const started = await holder(place, args('run', '--output-directory', folder));
      started.process.kill('SIGKILL');
      await started.ended;
    }
    await holder(place, args('resume', '--output-directory', folder));
  });

  it('L6: keeps out a run of another directory that writes to the same results or failed file', async () => {
    const place = await scene();
    const { folder, args } = place;
    await holder(place, args('run', '--output-directory', folder));
    const other = temporaryFolder();
    for (const [flag, name] of [
      ['--profile-data-file', 'results.txt'],
      ['--failed-customer-file', 'failed.txt'],
    ] as const) {
      await expectOverlap(
        place,
        args('run', '--output-directory', other, flag, join(folder, name)),
        new RegExp(`${name} is under way`),
      );
    }
    expect(readdirSync(other)).toEqual([]);
  });

  it('leaves no note behind after an orderly end', async () => {
    const { folder, args, endpoint } = await scene();
    const list = join(folder, '..', 'other.csv');
    writeFileSync(list, 'customer\nC1\n');
    const words = args('run', '--output-directory', folder);
    await runAggregate(words.with(words.indexOf('--source-file') + 1, list));
    expect(endpoint.requests).toBe(1);
    expect(notesIn(folder)).toEqual([]);
  });
});
