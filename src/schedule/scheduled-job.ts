/** What a scheduler needs to know of a job; all paths absolute. */
export interface ScheduledJob {
  /** The name of unit or task: letters, digits and single hyphens. */
  name: string;
  /** Program and arguments. */
  words: readonly string[];
  /** Where it works. */
  directory: string;
  /** When it starts, each day, in local time. */
  hour: number;
  minute: number;
  user: string;
  /** Environment variables that the settings take secrets from; a scheduler has none of a person's. */
  variables: readonly string[];
  /** Whether a start goes on with a run that is not finished. */
  goesOn: boolean;
  /** Exit codes after which it is to be started again, soon. */
  restartOn: readonly number[];
  /** How long it may take to end once it is asked to: what is in flight, and what is told at the end. */
  stopSeconds: number;
  /** Whether a start that was missed is made up for, whenever the machine is there again. */
  catchesUp: boolean;
}

export const two = (n: number): string => String(n).padStart(2, '0');
