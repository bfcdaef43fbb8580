import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf, runAggregate } from '../testing/aggregate-process.ts';
import { commandHere } from '../testing/command-here.ts';
import { runFolder } from '../testing/finished-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

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

it('a schedule is printed where the secrets are not set, and says what the job must have', async () => {
  const folder = temporaryFolder();
  const settings = {
    source_file: 'customers.csv',
    url: 'https://${API_HOST}/{0}',
    headers: { authorization: 'Bearer ${API_TOKEN}' },
    ping_url: 'https://${file:ping.txt}',
  };
  writeFileSync(join(folder, 'customers.csv'), 'customer\nC1\n');
  writeFileSync(join(folder, 'aggregate.config.json'), JSON.stringify(settings));
  const { exitCode, stdout, stderr } = await commandHere(['schedule', '--at', '2:00'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stderr.trim().split('\n')).toEqual([
    'aggregate: url: the environment variable API_HOST is not set; a run that finds it so ends with exit code 2',
    'aggregate: headers: the environment variable API_TOKEN is not set; a run that finds it so ends with exit code 2',
    expect.stringMatching(/^aggregate: ping_url: the file .*ping\.txt cannot be read: .*; a run that finds it so/),
  ]);
  expect(stdout).toContain(
    "# Its settings take API_HOST, API_TOKEN from the environment: set them above this line (NAME='value').",
  );
  expect(stdout).toContain('\nEnvironmentFile=/etc/aggregate/aggregate.env\n');
  // What is in flight, what is told to the switch, and a slow disk.
  expect(stdout).toContain('\nTimeoutStopSec=45\n');
});
