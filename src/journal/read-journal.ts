import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { RecoveryError } from '../errors.ts';
import { readJournalLine } from './journal-line.ts';
import { JOURNAL_VERSION, type JournalRecord, type RunRecord } from './journal-records.ts';

/** How a journal ends. */
export interface JournalEnd {
  /** Bytes of whole, valid lines: where the journal goes on. */
  validBytes: number;
  /** Bytes after them that are dropped: a line cut by a crash, zeros or junk. */
  droppedBytes: number;
}

const RECORD_TYPES: ReadonlySet<unknown> = new Set<JournalRecord['type']>([
  'run',
  'checkpoint',
  'retry',
  'resume',
  'end',
  'spoiled',
]);
const NEWLINE = 0x0a;

/**
 * Reads a journal from its first line and calls `take` with each record. A tail that is not whole is dropped, as a crash
 * leaves one; damage with valid lines after it is no crash's doing, and is a RecoveryError, as is a journal that is
 * missing, empty, of a newer version, or none.
 */
export async function readJournal(path: string, take: (record: JournalRecord) => void): Promise<JournalEnd> {
  let validBytes = 0;
  let bytes = 0;
  let lineNumber = 0;
  let damagedLine: number | undefined;
  for await (const line of linesOf(path)) {
    lineNumber += 1;
    bytes += line.length;
    const record = recordOf(line);
    if (record === undefined) {
      damagedLine ??= lineNumber;
      continue;
    }
    if (damagedLine !== undefined) {
      throw new RecoveryError(
        `the journal ${path} is damaged at line ${damagedLine}, before its end; nothing was touched`,
      );
    }
    if (lineNumber === 1) expectRun(record, path);
    take(record);
    validBytes = bytes;
  }
  if (validBytes === 0) throw noBeginning(path);
  return { validBytes, droppedBytes: bytes - validBytes };
}

/** What a journal says of its run, in its first line; throws as `readJournal` does. */
export async function readRunRecord(path: string): Promise<RunRecord> {
  for await (const line of linesOf(path)) {
    const record = recordOf(line);
    if (record === undefined) break;
    expectRun(record, path);
    return record;
  }
  throw noBeginning(path);
}

const noBeginning = (path: string): RecoveryError =>
  new RecoveryError(`the journal ${path} is empty or damaged at its beginning; nothing was touched`);

/** Lines with their line break; the last may lack one. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  try {
    // Opening a pipe waits for somebody who writes to it.
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
    for await (const block of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...rest, block.subarray(from, at + 1)]);
        rest = [];
        from = at + 1;
      }
      if (from < block.length) rest.push(block.subarray(from));
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new RecoveryError(`the journal ${path} cannot be read: ${what}`, { cause: error });
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function recordOf(line: Buffer): JournalRecord | undefined {
  if (line.at(-1) !== NEWLINE) return undefined;
  const value = readJournalLine(line.toString('utf8', 0, line.length - 1));
  return isRecord(value) ? value : undefined;
}

/** The checksum has vouched for the rest of it: no one but this program writes it. */
const isRecord = (value: unknown): value is JournalRecord =>
  typeof value === 'object' && value !== null && 'type' in value && RECORD_TYPES.has(value.type);

function expectRun(record: JournalRecord, path: string): asserts record is RunRecord {
  if (record.type !== 'run') throw new RecoveryError(`${path} is not the journal of a run; nothing was touched`);
  if (record.version > JOURNAL_VERSION) {
    const versions = `version ${record.version}, this program knows ${JOURNAL_VERSION}`;
    throw new RecoveryError(`the journal ${path} was written by a newer program (${versions}); nothing was touched`);
  }
}
