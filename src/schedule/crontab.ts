import { type ScheduledJob, two } from './scheduled-job.ts';

/** Lines of a crontab; cron mails what a run writes, and a run in which all is well writes nothing. */
export function crontab({ words, hour, minute, variables }: ScheduledJob): string {
  const lines = [
    `# aggregate, each day at ${two(hour)}:${two(minute)}. It prints nothing when every customer came, so cron mails nothing then.`,
  ];
  if (variables.length > 0) {
    lines.push(
      `# Its settings take ${variables.join(', ')} from the environment: set them above this line (NAME='value').`,
    );
  }
  return `${[...lines, `${minute} ${hour} * * * ${words.map(cronWord).join(' ')}`].join('\n')}\n`;
}

/** As a shell takes it (POSIX), and with what cron itself would take for a line break. */
const cronWord = (word: string): string => {
  const quoted = /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll('%', '\\%');
};
