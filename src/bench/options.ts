import { parseArgs } from 'node:util';

/** What is measured, and how. */
export interface BenchOptions {
  customers: number;
  /** Before each answer; 0 for none. */
  latencyMs: number;
  /** Names of rows; none for all of them. */
  only: string[];
  /** Each row runs so many times, one after the other and then all again. */
  rounds: number;
  /** Requests in flight at the same time, over all of a program's processes. */
  inFlight: number;
}

/** Reads the arguments of `npm run bench`. Throws for what is none. */
export function benchOptionsFrom(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      customers: { type: 'string', default: '20000' },
      'latency-ms': { type: 'string', default: '0' },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '3' },
      'in-flight': { type: 'string', default: '64' },
    },
  });
  return {
    customers: wholeNumber('customers', values.customers, 1),
    latencyMs: wholeNumber('latency-ms', values['latency-ms'], 0),
    only: values.only.flatMap((names) => names.split(',')),
    rounds: wholeNumber('rounds', values.rounds, 1),
    inFlight: wholeNumber('in-flight', values['in-flight'], 2),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new Error(`--${name} is a whole number of at least ${least}, not ${text}`);
  }
  return Number(text);
}
