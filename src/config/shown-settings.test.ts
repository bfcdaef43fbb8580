import { expect, it } from 'vitest';
import { loadSettings } from './load.ts';
import { shownSettings } from './shown-settings.ts';

it('shownSettings shows of what may hold a secret the names of its members alone', async () => {
  const flags = {
    source_file: 'l.csv',
    url: 'https://h/{0}',
    headers: 'x-api: s3cret',
    query: '{"key": "s3cret"}',
    auth: '{"type": "basic", "username": "s3cret", "password": "s3cret"}',
    ping_url: 'https://ping.example/s3cret',
    process_count: '3',
  };
  const { settings } = await loadSettings({ flags, env: {}, cwd: '/', searchFile: false });
  const shown = shownSettings(settings);
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(shown).toMatchObject({
    headers: '{"x-api": ***}',
    auth: '{"type": ***, "username": ***, "password": ***}',
    ping_url: '***',
    process_count: '3',
    body: 'none',
  });
});
