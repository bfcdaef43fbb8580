import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';
import { runWithEdits } from '../testing/live-edits.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

it('an edit of the settings file during a run adds children or lets them go; a broken one is refused; nothing is lost or asked twice', async () => {
  const run = await runWithEdits(temporaryFolder(), 400);
  expect(run.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.children).toEqual([2, 4, 1, 1]);
  expect(run.said.slice(0, 2)).toEqual([
    'Settings read again: process_count 2 → 4',
    'Settings read again: process_count 4 → 1',
  ]);
  expect(run.said[2]).toMatch(
    /^Settings not taken, those before stay in force: .*aggregate\.config\.json:1:\d+: not valid JSON/,
  );
  expect(run.requestsEach).toEqual(new Set([1]));
  expect(run.lines).toEqual(run.expectedLines);
});

it('SIGHUP has the settings file read again, a flag still wins over it, and what is not live waits', async () => {
  const { folder, endpoint, start } = await runFolder(600);
  endpoint.answerUpTo(50);
  const file = join(folder, 'aggregate.config.json');
  writeFileSync(file, '{"log_level": "info", "process_count": 7}');
  const { process: parent, ended } = start(['run', '--config', file], '--requests-per-process', '4');
  await expect.poll(() => endpoint.requests).toBeGreaterThan(50);
  parent.kill('SIGHUP');
  await expect.poll(() => linesOf(folder, 'log').join()).toContain('Settings read again: nothing has changed');
  writeFileSync(`${file}.new`, '{"log_level": "warn", "process_count": 9, "timeout_seconds": 9}');
  renameSync(`${file}.new`, file);
  parent.kill('SIGHUP');
  await expect.poll(() => linesOf(folder, 'log').join()).toContain('log_level "info" → "warn"');
  endpoint.answerUpTo(Infinity);
  expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
  const log = linesOf(folder, 'log').map((line) => line.slice('2026/01/31 23:59:59 - '.length));
  const changed = log.indexOf('Settings read again: log_level "info" → "warn"; with the next run: timeout_seconds');
  expect(changed).toBeGreaterThan(0);
  expect(log.filter((line) => line.startsWith('Requesting')).length).toBeLessThan(600);
  expect(log.at(-1)).toMatch(/^\[Total runtime/);
  expect(new Set(endpoint.counts().values())).toEqual(new Set([1]));
});
