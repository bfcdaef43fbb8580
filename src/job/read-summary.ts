import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';

const count = z.int().nonnegative();

/** What is read back of a summary; see `summaryOf`. */
const summarySchema = z.object({
  run: z.string(),
  exit_code: count,
  started_at: z.string(),
  finished_at: z.string(),
  duration_seconds: z.number(),
  customers: z.object({ total: count, ok: count, failed: count }),
  failures: z.record(z.string(), count),
  records: count,
  requests: count,
});

export type ReadSummary = z.infer<typeof summarySchema>;

/** The summary at `path`; undefined where there is none, `damaged` where it is not one of ours. */
export async function readSummary(path: string): Promise<ReadSummary | 'damaged' | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return summarySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return 'damaged'; // No summary of ours is: it was edited, or its disk is failing.
  }
}
