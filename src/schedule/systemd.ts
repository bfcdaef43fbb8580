import { type ScheduledJob, two } from './scheduled-job.ts';

/** How long systemd waits before it starts a run again that ended with one of `restartOn`. */
const RESTART_SECONDS = 300;

/** The unit that runs the job once. */
export function systemdService(job: ScheduledJob): string {
  const { name, words, directory, user, variables, restartOn, stopSeconds, goesOn } = job;
  const environment = [
    `# The settings take ${variables.join(', ')} from the environment: NAME='value', a line each, readable for root alone.`,
    `EnvironmentFile=/etc/aggregate/${name}.env`,
  ];
  const restart = [
    '# Started again after these exit codes, to go on where it was: see docs/operating.md.',
    `RestartForceExitStatus=${restartOn.join(' ')}`,
    `RestartSec=${RESTART_SECONDS}`,
  ];
  return unit(`/etc/systemd/system/${name}.service`, [
    '[Unit]',
    `Description=aggregate (${escapeValue(directory)})`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    `WorkingDirectory=${escapeValue(directory)}`,
    ...(variables.length > 0 ? environment : []),
    `ExecStart=${words.map(systemdWord).join(' ')}`,
    '# 1: the run is complete, and some customers are in the failed file. Take it out where that should count as failed.',
    `# 130, 143: it was asked to stop; ${goesOn ? 'the next start' : 'aggregate resume'} goes on with it.`,
    'SuccessExitStatus=1 130 143',
    ...(restartOn.length > 0 ? restart : []),
    '# Asked to stop, it finishes what is in flight; its children are its own to stop.',
    'KillMode=mixed',
    `TimeoutStopSec=${stopSeconds}`,
  ]);
}

/** The unit that says when. */
export function systemdTimer({ name, directory, hour, minute, catchesUp }: ScheduledJob): string {
  return unit(`/etc/systemd/system/${name}.timer`, [
    '[Unit]',
    `Description=aggregate, each day at ${two(hour)}:${two(minute)} (${escapeValue(directory)})`,
    '',
    '[Timer]',
    `OnCalendar=*-*-* ${two(hour)}:${two(minute)}:00`,
    ...(catchesUp ? ['# Missed while the machine was off: made up for.', 'Persistent=true'] : []),
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ]);
}

const unit = (path: string, lines: readonly string[]): string => `# ${path}\n${lines.join('\n')}\n`;

/** A word of a command line as systemd reads it: specifiers and variables are none of ours. */
function systemdWord(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@+=:,./-]+$/.test(word) ? word : `"${escaped}"`;
}

const escapeValue = (text: string): string => text.replaceAll('%', '%%');
