import { describe, expect, it } from 'vitest';
import { changesOf, LIVE_SETTINGS, withLive } from './live-changes.ts';
import { loadSettings } from './load.ts';

const settingsWith = async (flags: Record<string, unknown>) =>
  (
    await loadSettings({
      flags: { source_file: 'l.csv', url: 'https://h/{0}', ...flags },
      env: {},
      cwd: '/',
      searchFile: false,
    })
  ).settings;

describe('changesOf', () => {
  it('tells old and new of what takes effect at once, and names what waits', async () => {
    const before = await settingsWith({ process_count: '2', headers: 'authorization: Bearer secret-of-old' });
    const after = await settingsWith({
      process_count: '4',
      stop_at: '06:00',
      headers: 'authorization: Bearer secret-of-new',
      timeout_seconds: '5',
    });
    const changes = changesOf(before, after);
    expect(changes.now).toEqual(['process_count 2 → 4', 'stop_at none → "06:00"']);
    expect(changes.later).toEqual(['headers', 'timeout_seconds']);
    expect(withLive(before, after)).toEqual({ ...before, process_count: 4, stop_at: '06:00' });
    expect(changesOf(withLive(before, after), after).now).toEqual([]);
  });

  it('lets nothing be live that shapes the output or may hold a secret', () => {
    expect(LIVE_SETTINGS).toContain('process_count');
    for (const name of ['url', 'headers', 'fields', 'source_file'] as const) expect(LIVE_SETTINGS).not.toContain(name);
  });
});
