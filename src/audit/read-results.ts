import { linesOf } from '../output/file-lines.ts';
import type { LineReader } from './result-line.ts';

/** What comes of reading results. */
export interface ResultsReader {
  onRecord(customer: string): void;
  /** `lineNumber` is counted from 1. */
  onTorn(lineNumber: number, flaw: string): void;
}

const QUOTE = 0x22;
/** The limits of a record: an answer is 10 MiB at most, and its quotes may be doubled. */
const MAX_RECORD_BYTES = 24 * 1024 * 1024;

interface NumberedLine {
  number: number;
  bytes: Buffer;
}

/** Bytes of results, and how they are read. */
export interface Results {
  blocks: AsyncIterable<Buffer>;
  /** What they begin with where there are any: the line that names their values. */
  head: string;
  lines: LineReader;
}

/**
 * Reads results; a record may have several lines, within quotes. A line that does not become a whole record within the
 * limits is torn, and the lines after it stand for themselves.
 */
export async function readResults({ blocks, head, lines }: Results, reader: ResultsReader): Promise<void> {
  const joiner = new RecordJoiner(lines, reader);
  const headLines = head.match(/[^\n]*\n/g) ?? [];
  let number = 0;
  for await (const some of linesOf(blocks)) {
    for (const line of some) {
      number += 1;
      const expected = headLines[number - 1];
      if (expected === undefined) joiner.push(number, line);
      else if (line.toString() !== expected) reader.onTorn(number, 'does not name the values');
    }
  }
  joiner.end();
}

class RecordJoiner {
  readonly #lines: LineReader;
  readonly #reader: ResultsReader;
  /** Lines of a record whose quotes are not balanced yet. */
  #open: NumberedLine[] = [];
  #openBytes = 0;

  constructor(lines: LineReader, reader: ResultsReader) {
    this.#lines = lines;
    this.#reader = reader;
  }

  push(number: number, bytes: Buffer): void {
    const line = { number, bytes };
    if (this.#lines.hasQuotes) this.#take(line);
    else this.#read(line);
  }

  end(): void {
    while (this.#open.length > 0) this.#giveUpFirst('has a quote that is never closed');
  }

  #take(line: NumberedLine): void {
    const isBalanced = countQuotes(line.bytes) % 2 === 0;
    if (this.#open.length === 0 && isBalanced) {
      this.#read(line);
      return;
    }
    // A copy: the line is a part of its block, all of which it would keep in memory.
    this.#open.push({ ...line, bytes: Buffer.from(line.bytes) });
    this.#openBytes += line.bytes.length;
    if (this.#open.length > 1 && !isBalanced) this.#close();
    else if (this.#openBytes > MAX_RECORD_BYTES) this.#giveUpFirst('has a quote that is not closed for too long');
  }

  #read({ number, bytes }: NumberedLine): void {
    const line = this.#lines.read(bytes);
    if ('flaw' in line) this.#reader.onTorn(number, line.flaw);
    else this.#reader.onRecord(line.customer);
  }

  #close(): void {
    const line = this.#lines.read(Buffer.concat(this.#open.map(({ bytes }) => bytes)));
    if ('flaw' in line) {
      this.#giveUpFirst(line.flaw);
      return;
    }
    this.#open = [];
    this.#openBytes = 0;
    this.#reader.onRecord(line.customer);
  }

  /** The first line is torn; the others are looked at again without it. */
  #giveUpFirst(flaw: string): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    this.#openBytes = 0;
    if (first !== undefined) this.#reader.onTorn(first.number, flaw);
    for (const line of others) this.#take(line);
  }
}

function countQuotes(bytes: Buffer): number {
  let quotes = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) quotes += 1;
  return quotes;
}
