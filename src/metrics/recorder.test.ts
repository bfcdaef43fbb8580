import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTally } from '../output/tally.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { Recorder, SAMPLE_MS } from './recorder.ts';
import { mergeSamples } from './sample.ts';
import { readSamples } from './samples-file.ts';

const START = Date.parse('2026-01-31T23:59:59Z');

function recorderAt(path: string) {
  const tally = emptyTally();
  const lost: unknown[] = [];
  const recorder = new Recorder({
    path,
    read: () => ({ at: Date.now(), tally, inFlight: 3 }),
    redact: (text) => text.replaceAll('s3cret', '***'),
    onLost: (error) => lost.push(error),
  });
  const work = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      tally.ok += 2;
      tally.failures.timeout = (tally.failures.timeout ?? 0) + 1;
      recorder.attempts({ outcomes: { ok: 2, retry: 1 }, latency: { buckets: [64, 3], sumMs: 90, maxMs: 32 } }, 3);
      vi.advanceTimersByTime(SAMPLE_MS);
    }
  };
  return { recorder, tally, lost, work };
}

describe('Recorder', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ['Date', 'setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pathIn = (folder: string) => join(folder, 'samples-20260131-235959.ndjson');

  it('writes a sample a second whose sums are what the run came to', async () => {
    const path = pathIn(temporaryFolder());
    const { recorder, work } = recorderAt(path);
    await recorder.start();
    work(5);
    await recorder.end();
    const { samples } = await readSamples(path);
    expect(samples).toHaveLength(5);
    expect(samples.reduce(mergeSamples)).toMatchObject({
      from: START,
      to: START + 5000,
      ok: 10,
      failures: { timeout: 5 },
      outcomes: { ok: 10, retry: 5 },
      latency: { buckets: [64, 15], maxMs: 32 },
      inFlightMs: 15_000,
    });
  });

  it('goes on with the file of an earlier start, and drops the line that a crash has cut', async () => {
    const path = pathIn(temporaryFolder());
    const first = recorderAt(path);
    await first.recorder.start();
    first.work(3);
    await first.recorder.end();
    appendFileSync(path, '{"type":"sample","from":17');
    vi.setSystemTime(START + 3_600_000);
    const second = recorderAt(path);
    second.recorder.event('resumed', 'resumed: 6 settled');
    await second.recorder.start();
    second.work(2);
    await second.recorder.end();
    const { samples, events } = await readSamples(path);
    expect(samples.map(({ ok }) => ok)).toEqual([2, 2, 2, 2, 2]);
    expect(samples[3]?.from).toBe(START + 3_600_000);
    expect(events).toEqual([{ at: START + 3_600_000, kind: 'resumed', text: 'resumed: 6 settled' }]);
    expect(second.recorder.measured.samples).toEqual(samples);
  });

  it('stays short over a long run, with every customer counted', async () => {
    const path = pathIn(temporaryFolder());
    const { recorder, work } = recorderAt(path);
    await recorder.start();
    for (let hour = 0; hour < 5; hour += 1) {
      work(3600);
      recorder.event('held', `held in hour ${hour}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.end();
    const { samples, events } = await readSamples(path);
    expect(samples.length).toBeLessThanOrEqual(840);
    expect(samples.reduce((sum, { ok }) => sum + ok, 0)).toBe(5 * 3600 * 2);
    expect(events).toHaveLength(5);
    expect(readFileSync(path).length).toBeLessThan(400_000);
  });

  it('keeps secrets, line breaks and endless texts out of what happened', async () => {
    const path = pathIn(temporaryFolder());
    const { recorder } = recorderAt(path);
    await recorder.start();
    recorder.event('child_died', `it said: s3cret\n{"type":"event"}${'x'.repeat(1_000_000)}`);
    recorder.child({ pid: 7, from: START, to: START, ok: 1, failed: 0, end: 'signal SIGKILL\ns3cret' });
    await recorder.end();
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('s3cret');
    expect(text.length).toBeLessThan(1000);
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('lets the run go on where the file cannot be written, and says so once', async () => {
    const folder = temporaryFolder();
    rmSync(folder, { recursive: true });
    const { recorder, lost, work } = recorderAt(pathIn(folder));
    await recorder.start();
    work(3);
    await recorder.end();
    expect(lost).toHaveLength(1);
    expect(recorder.measured.samples).toHaveLength(3);
  });

  it('passes over what is no line of ours', async () => {
    const path = pathIn(temporaryFolder());
    writeFileSync(path, '\0\0\0\n{"type":"sample","from":"x"}\n[]\n{"type":"event","at":1,"kind":"held","text":"t"}\n');
    expect(await readSamples(path)).toEqual({
      samples: [],
      events: [{ at: 1, kind: 'held', text: 't' }],
      children: [],
      settings: {},
    });
  });
});
