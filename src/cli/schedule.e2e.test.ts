import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf, runAggregate } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';

it('the crontab line that is printed runs the job as cron does: from /, with next to no environment', async () => {
  const { folder, endpoint } = await runFolder(3);
  const config = join(folder, 'aggregate.config.json');
  const settings = { source_file: 'customers.csv', url: endpoint.template, stop_at: '06:00', process_count: 1 };
  writeFileSync(config, JSON.stringify(settings));
  const { exitCode, stdout, stderr } = await runAggregate(
    ['schedule', '--at', '02:00', '--for', 'crontab', '--config', 'aggregate.config.json', '--user', 'root'],
    { cwd: folder },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [, command = ''] = /^0 2 \* \* \* (.*)$/m.exec(stdout) ?? [];
  expect(command).toContain(' run --resume-or-start ');
  const cron = spawn('/bin/sh', ['-c', command], { cwd: '/', env: { PATH: '/usr/bin:/bin' }, stdio: 'inherit' });
  expect(await once(cron, 'exit')).toEqual([0, null]);
  expect(linesOf(folder, 'results').length).toBeGreaterThan(0);
  expect(endpoint.requests).toBe(3);
});

it('a schedule is refused whose flags would show a secret, or whose words would break its lines', async () => {
  const { here } = await runFolder(1);
  const { exitCode, stdout, stderr } = await here(
    ['schedule', '--at', '2:00'],
    '--header',
    'authorization: s3cret-token',
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^aggregate: schedule: a secret among the flags would stand open; .*\n$/);
  const broken = await here(['schedule', '--at', '2:00'], '--user', 'me\nExecStart=/bin/evil');
  expect(broken).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('no control characters') });
});
