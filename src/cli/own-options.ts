import type { Options } from 'yargs';
import { FAILURE_KINDS } from '../channel/protocol.ts';

const VERBOSE = {
  type: 'boolean',
  default: false,
  describe: 'Say how far it is and how it ended, also where no terminal is',
} as const satisfies Options;

/** The flags that only some commands have, by command, beside those of the settings: what yargs, messages and completion know. */
export const OWN_OPTIONS = {
  run: {
    'resume-or-start': {
      type: 'boolean',
      default: false,
      describe: 'Go on with the newest run on this list where it is not finished, else start a new one',
    },
    verbose: VERBOSE,
  },
  resume: { verbose: VERBOSE },
  retry: {
    kind: {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: `Only those that failed so, may be repeated: ${FAILURE_KINDS.join(', ')}`,
    },
    verbose: VERBOSE,
  },
  verify: {
    'write-unsettled': {
      type: 'string',
      nargs: 1,
      requiresArg: true,
      describe: 'Write the rows that are neither in the results nor failed to this new file, as an input file',
    },
  },
  runs: {
    json: { type: 'boolean', default: false, describe: 'As JSON, for scripts' },
  },
  check: {},
  report: {},
  init: {},
  schedule: {
    at: { type: 'string', nargs: 1, requiresArg: true, demandOption: true, describe: 'The time of day, such as 02:00' },
    for: {
      type: 'string',
      nargs: 1,
      requiresArg: true,
      choices: ['crontab', 'service', 'timer', 'windows'],
      describe: 'Print one of them alone, for a file',
    },
    restart: {
      type: 'boolean',
      default: false,
      describe: 'Start it again where it stopped itself, or where another run had the outputs (systemd)',
    },
    name: { type: 'string', nargs: 1, requiresArg: true, default: 'aggregate', describe: 'The name of unit or task' },
    user: { type: 'string', nargs: 1, requiresArg: true, describe: 'Who runs it; by default whoever asks' },
  },
  completion: {},
  demo: {
    customers: {
      type: 'string',
      requiresArg: true,
      describe: 'Write a list of so many customers and use it; 1200 where neither this nor --config is given',
    },
    'latency-ms': {
      type: 'string',
      requiresArg: true,
      default: '5',
      describe: 'How long the endpoint takes to answer',
    },
    faults: {
      type: 'boolean',
      default: false,
      describe: 'Let the endpoint misbehave for 5 % of the customers',
    },
  },
} satisfies Record<string, Record<string, Options>>;

/** The flags that are a command's own, by name; without a command those that are always there. */
export function ownFlagsOf(command: string | undefined): string[] {
  const own = Object.entries(OWN_OPTIONS).find(([name]) => name === command)?.[1];
  const shared = command === 'completion' ? [] : ['config'];
  return own === undefined ? ['help', 'version'] : [...shared, ...Object.keys(own), 'help'];
}

/** All of them by name, in the order of the commands. */
export const OWN_FLAGS: readonly string[] = ['config', ...Object.values(OWN_OPTIONS).flatMap(Object.keys)];
