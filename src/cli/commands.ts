import type { Argv } from 'yargs';

/** Adds a command's flags to the parser. */
export type Builder = (yargs: Argv) => Argv;
/** Does a command; resolves to its exit code. */
export type Handler = (argv: Readonly<Record<string, unknown>>) => Promise<number>;

interface Command {
  /** As yargs has it: the name, then its positional arguments. */
  command: string;
  describe: string;
  /** What the command needs is loaded when it is the one. */
  load(): Promise<{ builder: Builder; handler: Handler }>;
}

/** Every command, in the order in which people read about them. */
export const COMMANDS: readonly Command[] = [
  {
    command: 'run',
    describe: 'Ask for every customer of the list, and write what comes',
    load: () => import('./run-command.ts'),
  },
  {
    command: 'resume [stamp]',
    describe: 'Go on with a run that was interrupted, by default the newest one',
    load: () => import('./resume-command.ts'),
  },
  {
    command: 'retry [stamp]',
    describe: 'Ask again for the failed customers of a finished run, by default the newest one',
    load: () => import('./retry-command.ts'),
  },
  {
    command: 'verify [stamp]',
    describe: 'Prove from the files of a run, by default the newest one, that every customer is there once',
    load: () => import('./verify-command.ts'),
  },
  {
    command: 'report [stamp]',
    describe: 'Write a page about a run, by default the newest one: totals, charts, failures, what happened',
    load: () => import('./report-command.ts'),
  },
  {
    command: 'runs',
    describe: 'List the runs in the output directory, the newest first, and the commands that go on with them',
    load: () => import('./runs-command.ts'),
  },
  {
    command: 'check',
    describe: 'Show the settings and where each comes from, and try one customer',
    load: () => import('./check-command.ts'),
  },
  {
    command: 'demo',
    describe: 'Try the program on a list and an endpoint of its own',
    load: () => import('./demo-command.ts'),
  },
  {
    command: 'init',
    describe: 'Ask for the settings of a job, write them into a file, and try one customer',
    load: () => import('./init-command.ts'),
  },
  {
    command: 'schedule',
    describe: 'Print what to install so that a scheduler runs the job each day: crontab, systemd, Windows',
    load: () => import('./schedule-command.ts'),
  },
  {
    command: 'completion <shell>',
    describe: 'Print the script that makes bash, zsh or fish complete commands, flags and stamps',
    load: () => import('./completion-command.ts'),
  },
];

/** `run`, `resume`, … */
export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ command }) => command.split(' ')[0] ?? command);
