import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasCommand } from '../testing/requirements.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { crontab } from './crontab.ts';
import { variablesIn } from './hints.ts';
import type { ScheduledJob } from './scheduled-job.ts';
import { systemdService, systemdTimer } from './systemd.ts';
import { windowsTask, windowsWord } from './windows-task.ts';

const JOB: ScheduledJob = {
  name: 'aggregate',
  words: [process.execPath, process.argv[1] ?? '', 'run', '--config', `/srv/it's "50 %" of $HOME \\ more/<é>.json`],
  directory: '/tmp',
  hour: 2,
  minute: 5,
  user: 'root',
  variables: ['API_TOKEN'],
  goesOn: true,
  restartOn: [3, 75],
  stopSeconds: 40,
  catchesUp: true,
};

/** What a shell makes of a command line that a scheduler hands to it. */
const shellWords = (line: string): string[] =>
  execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\n' "$word"; done`], { encoding: 'utf8' })
    .trim()
    .split('\n');

describe('crontab', () => {
  it('starts the job at its time, with the words as they are once cron and the shell have read them', () => {
    const [comment, variables, line = ''] = crontab(JOB).split('\n');
    expect([comment, variables].join()).toMatch(/^# .*# .*API_TOKEN/);
    const [, time, command = ''] = /^((?:\S+ ){5})(.*)$/.exec(line) ?? [];
    expect(time).toBe('5 2 * * * ');
    // cron: a % that no backslash stands before is a line break.
    expect(command.replaceAll('\\%', '')).not.toContain('%');
    expect(shellWords(command.replaceAll('\\%', '%'))).toEqual(JOB.words);
  });

  it.runIf(hasCrontab())('is what the real crontab takes', () => {
    const file = join(temporaryFolder(), 'crontab');
    writeFileSync(file, crontab(JOB));
    expect(spawnSync('crontab', ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    writeFileSync(file, crontab(JOB).replace('5 2 * * *', '5 26 * * *'));
    expect(spawnSync('crontab', ['-n', file]).status).not.toBe(0);
  });
});

/** Whether there is a crontab that can only look (`-n`, Debian's since 12). */
function hasCrontab(): boolean {
  const has = spawnSync('crontab', ['-h'], { encoding: 'utf8' }).stderr?.includes('-n') ?? false;
  if (!has)
    process.stderr.write('\nskipped: crontab lines before the real crontab: it is missing, or has no dry run\n');
  return has;
}

describe('systemd units', () => {
  it.runIf(hasCommand('systemd-analyze'))(
    'are what systemd takes, without a complaint, and run these very words',
    () => {
      const folder = temporaryFolder();
      const [service, timer] = [join(folder, 'aggregate.service'), join(folder, 'aggregate.timer')];
      writeFileSync(service, systemdService(JOB));
      writeFileSync(timer, systemdTimer(JOB));
      const verify = () => spawnSync('systemd-analyze', ['verify', '--man=no', service, timer], { encoding: 'utf8' });
      expect(verify()).toMatchObject({ status: 0, stdout: '', stderr: expect.not.stringContaining(folder) });
      writeFileSync(service, systemdService({ ...JOB, words: ['/no/such/program'] }));
      expect(verify().stderr).toContain('/no/such/program');
    },
  );

  it('count as success what is no fault, start again where that is wanted, and leave time to drain', () => {
    expect(systemdService(JOB)).toContain('\nSuccessExitStatus=1 130 143\n');
    expect(systemdService(JOB)).toContain('asked to stop; the next start goes on');
    expect(systemdService({ ...JOB, goesOn: false })).toContain('asked to stop; aggregate resume goes on');
    expect(systemdService(JOB)).toContain('\nRestartForceExitStatus=3 75\n');
    expect(systemdService({ ...JOB, restartOn: [] })).not.toContain('Restart');
    expect(systemdService(JOB)).toContain('\nTimeoutStopSec=40\n');
    expect(systemdService(JOB)).toContain('/<é>.json"\n');
    expect(systemdService(JOB)).toContain(`"/srv/it's \\"50 %%\\" of $$HOME \\\\ more/`);
    expect(systemdTimer(JOB)).toContain('\nOnCalendar=*-*-* 02:05:00\n');
    expect(systemdTimer({ ...JOB, catchesUp: false })).not.toContain('Persistent');
  });
});

describe('the task for Windows', () => {
  it('is ASCII, and has the words as programs there find them', () => {
    const task = windowsTask(JOB);
    expect(task).toMatch(/^[\x20-\x7e\n]*$/);
    expect(task).toContain('<StartBoundary>2026-01-01T02:05:00</StartBoundary>');
    expect(task).toContain('&lt;&#233;&gt;.json&quot;</Arguments>');
    expect(['a b', 'a"b c', 'c:\\a b\\', 'plain\\x'].map(windowsWord)).toEqual([
      '"a b"',
      '"a\\"b c"',
      '"c:\\a b\\\\"',
      'plain\\x',
    ]);
  });

  it.runIf(hasCommand('xmllint'))('is well-formed XML', () => {
    const checked = spawnSync('xmllint', ['--noout', '-'], { input: windowsTask(JOB), encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });
});

it('variablesIn names what a settings file takes from the environment, each once', async () => {
  const file = join(temporaryFolder(), 'aggregate.config.json');
  writeFileSync(file, '{"headers":{"a":"${ONE} $${TWO} ${file:three}","b":"${ONE}${FOUR}"}}');
  expect(await variablesIn(file)).toEqual(['ONE', 'FOUR']);
  expect(await variablesIn(undefined)).toEqual([]);
});
