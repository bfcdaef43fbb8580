import { growth } from './growth.ts';
import type { BenchOptions } from './options.ts';
import type { Ratio } from './report.ts';
import { canRun, ROWS } from './rows.ts';
import { slowCustomers } from './slow-customers.ts';
import { slowDisk } from './slow-disk.ts';

/** What a trial found: a sentence with its figures, and what of them should be how. */
export interface TrialResult {
  account: string;
  ratios: Ratio[];
}

/** How the program behaves where something is not as it is in the table of rows. */
export interface Trial {
  name: string;
  /** What it cannot do without: a command that ends with 0 where that is there. */
  needs?: string[];
  /** Whether it takes part only where it is named. */
  isLong?: boolean;
  /** `folder` is its own. */
  run(options: BenchOptions, folder: string): Promise<TrialResult>;
}

const TRIALS: readonly Trial[] = [slowCustomers, slowDisk, growth];

/** The trials of these names, of the short ones where there are none, that can run here. */
export function chooseTrials({ only, latencyMs }: BenchOptions): Trial[] {
  const isWanted = ({ name, isLong }: Trial) =>
    only.length === 0 ? isLong !== true && latencyMs === 0 : only.includes(name);
  return TRIALS.filter(isWanted).filter(canRun);
}

/** Throws for a name that is neither a row's nor a trial's. */
export function expectKnown(names: readonly string[]): void {
  const known = [...ROWS, ...TRIALS].map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`nothing is named ${name}: ${known.join(', ')}`);
  }
}
