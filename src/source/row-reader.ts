import { createHash } from 'node:crypto';
import { StopError } from '../errors.ts';
import type { BlockReader } from './block-reader.ts';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';
import { bomBytes, HEAD_BYTES, refusedFormat } from './list-format.ts';
import { type RawRow, RowAssembler } from './row-assembler.ts';

/** Reads a list, block by block, into rows. */
export class RowReader {
  bytesRead = 0;
  /** The first line break of the list, as far as it was read. */
  eol: '\n' | '\r\n' = '\n';
  readonly #hash = createHash('sha256');
  readonly #name: string;
  readonly #blocks: BlockReader;
  readonly #splitter = new LineSplitter();
  readonly #assembler = new RowAssembler();
  #head: Buffer | undefined = Buffer.alloc(0);
  #hasEol = false;
  #isOver = false;
  #failure: StopError | undefined;

  /** `name` is what messages call the list. */
  constructor(name: string, blocks: BlockReader) {
    this.#name = name;
    this.#blocks = blocks;
  }

  /** SHA-256 (hexadecimal) of the bytes read so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /**
   * At least one row, or none at the end of the list. Throws a StopError, from then on each time, where the list cannot be
   * read, has a line that is too long, or is no text; rows that were certain before that are given first.
   */
  async read(): Promise<RawRow[]> {
    while (this.#failure === undefined && !this.#isOver) {
      const rows = this.#rowsOf(await this.#nextBlock());
      if (rows.length > 0) return rows;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return [];
  }

  async #nextBlock(): Promise<Buffer | undefined> {
    try {
      const block = await this.#blocks.read();
      if (block === undefined) return undefined;
      this.bytesRead += block.length;
      this.#hash.update(block);
      return block;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#fail(`cannot be read: ${reason}`, error);
      return undefined;
    }
  }

  /** A failure leaves what is uncertain undecided: read to its end, a row could turn out to be another one. */
  #rowsOf(block: Buffer | undefined): RawRow[] {
    this.#isOver = block === undefined;
    const bytes = this.#withoutHead(block);
    if (bytes === undefined || this.#failure !== undefined) return [];
    const lines = this.#splitter.push(bytes);
    if (this.#isOver) lines.push(...this.#splitter.end());
    this.#noteEol(lines[0]?.lineBreak);
    const rows = this.#assembler.push(lines);
    const { tooLongLine } = this.#splitter;
    if (tooLongLine !== undefined) this.#fail(`has a line of more than ${MAX_LINE_BYTES} bytes: line ${tooLongLine}`);
    return this.#isOver ? rows.concat(this.#assembler.end()) : rows;
  }

  /** The bytes to split: none until enough have come to know the format, then all but the byte order mark. */
  #withoutHead(block: Buffer = Buffer.alloc(0)): Buffer | undefined {
    if (this.#head === undefined) return block;
    this.#head = Buffer.concat([this.#head, block]);
    if (this.#head.length < HEAD_BYTES && !this.#isOver) return undefined;
    const head = this.#head;
    this.#head = undefined;
    const refused = refusedFormat(head);
    if (refused !== undefined) this.#fail(`cannot be read: ${refused}`);
    return head.subarray(bomBytes(head));
  }

  #noteEol(lineBreak: string | undefined): void {
    if (lineBreak === undefined || this.#hasEol) return;
    this.#hasEol = true;
    this.eol = lineBreak === '\r\n' ? '\r\n' : '\n';
  }

  #fail(what: string, cause?: unknown): void {
    this.#failure ??= new StopError(`${this.#name} ${what}`, { cause });
  }
}
