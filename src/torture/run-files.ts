import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type JournalFile, readJournalFile } from './journal-file.ts';
import { type ResultsFile, type ResultsShape, readResultsFile } from './results-file.ts';
import { readText, readTextFile, type TextFile } from './text-file.ts';

const exceptionSchema = z.object({ position: z.number(), customer: z.string(), kind: z.string() });
const summarySchema = z.object({
  exit_code: z.number(),
  customers: z.object({ total: z.number(), ok: z.number(), failed: z.number() }),
  failures: z.record(z.string(), z.number()),
  records: z.number(),
  requests: z.number(),
});
export type ExceptionLine = z.infer<typeof exceptionSchema>;

const SUFFIXES = { none: '', gzip: '.gz', zstd: '.zst' } as const;

/** Names of a run's files by what they are; default settings but for the compression. */
export const fileNames = (stamp: string, compression: keyof typeof SUFFIXES = 'none') => ({
  results: `results-${stamp}.txt${SUFFIXES[compression]}`,
  log: `log-${stamp}.txt`,
  failed: `failed-${stamp}.txt`,
  exceptions: `exceptions-${stamp}.ndjson`,
  journal: `journal-${stamp}.ndjson`,
  summary: `summary-${stamp}.json`,
});

/** Everything that a run has written, taken apart. */
export interface RunFiles {
  results: ResultsFile;
  log: TextFile;
  failed: TextFile;
  exceptions: TextFile;
  journal: JournalFile;
  summary: z.infer<typeof summarySchema> | undefined;
}

export function readRunFiles(folder: string, stamp: string, shape: ResultsShape): RunFiles {
  const names = fileNames(stamp, shape.outputCompression);
  const at = (name: keyof typeof names) => join(folder, names[name]);
  return {
    results: readResultsFile(at('results'), shape),
    log: readTextFile(at('log')),
    failed: readTextFile(at('failed')),
    exceptions: readTextFile(at('exceptions')),
    journal: readJournalFile(at('journal')),
    summary: summarySchema.safeParse(jsonOf(readText(at('summary')) ?? '')).data,
  };
}

/** The objects of an exceptions file; what is none is left out, and is the reader's to miss. */
export const exceptionsOf = ({ lines }: TextFile): ExceptionLine[] =>
  lines.flatMap((line) => exceptionSchema.safeParse(jsonOf(line)).data ?? []);

/** The stamp of the newest run in a folder. */
export function newestStamp(folder: string): string | undefined {
  const stamps = readdirSync(folder).flatMap((name) => /^journal-(\d{8}-\d{6})\.ndjson$/.exec(name)?.[1] ?? []);
  return stamps.sort().at(-1);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
