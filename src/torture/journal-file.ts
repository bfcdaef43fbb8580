import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { readTextFile } from './text-file.ts';

const sums = z.record(z.string(), z.number());
const vouchedFor = z.object({
  lengths: z.object({ results: z.number(), log: z.number(), failed: z.number(), exceptions: z.number() }),
  totals: z.object({ records: z.number(), requests: z.number(), failures: sums }),
});
const recordSchema = z.discriminatedUnion('type', [
  vouchedFor.extend({ type: z.literal('checkpoint'), ok: z.string(), failed: z.string() }),
  vouchedFor.extend({ type: z.literal('retry'), reopened: z.string() }),
  z.object({ type: z.literal('run') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('end'), rows: z.number() }),
]);

/** What a journal says, as far as its lines are whole. */
export interface JournalFile {
  /** Whether its first line, which says what the run is, is there. */
  isBegun: boolean;
  ok: ReadonlySet<number>;
  failed: ReadonlySet<number>;
  /** The lengths and sums that it vouches for. */
  last: z.infer<typeof vouchedFor> | undefined;
  /** Rows in the list, where it says that all are settled. */
  endRows: number | undefined;
  problems: readonly string[];
}

/** Reads a journal by itself, with no help of the program that wrote it. */
export function readJournalFile(path: string): JournalFile {
  const { lines, problems: torn } = readTextFile(path);
  const problems = [...torn];
  const ok = new Set<number>();
  const failed = new Set<number>();
  let last: z.infer<typeof vouchedFor> | undefined;
  let endRows: number | undefined;
  let isBegun = false;
  for (const [index, line] of lines.entries()) {
    const record = recordOf(line);
    if (record === undefined) problems.push(`line ${index + 1} is no record`);
    if (record?.type === 'run') isBegun = index === 0;
    if (record?.type === 'end') endRows = record.rows;
    if (record?.type === 'retry') {
      last = record;
      endRows = undefined;
      for (const position of positionsIn(record.reopened)) failed.delete(position);
    }
    if (record?.type !== 'checkpoint') continue;
    last = record;
    for (const position of positionsIn(record.ok)) add(ok, position, problems);
    for (const position of positionsIn(record.failed)) add(failed, position, problems);
  }
  for (const position of ok) if (failed.has(position)) problems.push(`settles row ${position} in both ways`);
  return { isBegun, ok, failed, last, endRows, problems };
}

function recordOf(line: string): z.infer<typeof recordSchema> | undefined {
  const [, body = '', checksum] = /^(.*),"crc":"([0-9a-f]{8})"\}$/.exec(line) ?? [];
  if (checksum === undefined || crc32(body) !== Number.parseInt(checksum, 16)) return undefined;
  return recordSchema.safeParse(JSON.parse(`${body}}`)).data;
}

/** `0-2 5` is 0, 1, 2, 5. */
function positionsIn(ranges: string): number[] {
  return ranges.split(' ').flatMap((range) => {
    if (range === '') return [];
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function add(set: Set<number>, position: number, problems: string[]): void {
  if (set.has(position)) problems.push(`settles row ${position} twice`);
  set.add(position);
}
