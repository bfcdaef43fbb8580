import { existsSync } from 'node:fs';
import type { RunPaths } from '../output/claim-files.ts';

/** The run's files that are there, as people look for them. */
export const filesOf = ({ results, log, failed, exceptions, summary, journal, samples }: RunPaths): string[] =>
  [results, log, failed, exceptions, summary, journal, samples].filter((path) => existsSync(path));
