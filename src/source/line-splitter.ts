import { isUtf8 } from 'node:buffer';

/** A physical line of the list. */
export interface Line {
  /** Counted from 1. */
  number: number;
  /** Without its line break; bytes where it is not UTF-8. */
  raw: string | Uint8Array;
  byteLength: number;
  lineBreak: '' | '\n' | '\r\n' | '\r';
  /** How many `"` it has. */
  quotes: number;
}

/** The length in bytes above which a line is refused: 1 MiB. */
export const MAX_LINE_BYTES = 1_048_576;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const FIRST_NOT_ASCII = 0x80;

/** Cuts blocks of bytes into lines at LF, CRLF and CR; the lines do not depend on where the blocks end. */
export class LineSplitter {
  /** The number of the line that is longer than allowed; no line is given from there on. */
  tooLongLine: number | undefined;
  #rest = Buffer.alloc(0);
  #count = 0;
  /** What is known of the bytes in `#rest`, so that a long line is not scanned anew with each block. */
  #scanned = 0;
  #quotes = 0;
  #isAscii = true;

  /** The lines that end in this block. */
  push(block: Buffer): Line[] {
    return this.#split(this.#rest.length === 0 ? block : Buffer.concat([this.#rest, block]), false);
  }

  /** The line that ends with the list, where it has no line break. */
  end(): Line[] {
    return this.#split(this.#rest, true);
  }

  #split(bytes: Buffer, isLast: boolean): Line[] {
    const lines: Line[] = [];
    let start = 0;
    let at = this.#scanned;
    while (at < bytes.length && this.tooLongLine === undefined) {
      const byte = bytes[at] ?? 0;
      if (byte === LF || byte === CR) {
        // A CR at the end of a block may be the first half of a CRLF.
        if (byte === CR && at + 1 === bytes.length && !isLast) break;
        const lineBreak = byte === LF ? '\n' : bytes[at + 1] === LF ? '\r\n' : '\r';
        this.#take(lines, bytes.subarray(start, at), lineBreak);
        at += lineBreak.length;
        start = at;
      } else {
        if (byte === QUOTE) this.#quotes += 1;
        else if (byte >= FIRST_NOT_ASCII) this.#isAscii = false;
        at += 1;
      }
    }
    this.#keep(lines, bytes.subarray(start), at - start, isLast);
    return lines;
  }

  #take(lines: Line[], bytes: Buffer, lineBreak: Line['lineBreak']): void {
    this.#count += 1;
    if (bytes.length > MAX_LINE_BYTES) {
      this.tooLongLine = this.#count;
      return;
    }
    const raw = textOf(bytes, this.#isAscii);
    lines.push({ number: this.#count, raw, byteLength: bytes.length, lineBreak, quotes: this.#quotes });
    this.#quotes = 0;
    this.#isAscii = true;
  }

  #keep(lines: Line[], rest: Buffer, scanned: number, isLast: boolean): void {
    if (this.tooLongLine === undefined && isLast && rest.length > 0) this.#take(lines, rest, '');
    else if (scanned > MAX_LINE_BYTES) this.tooLongLine ??= this.#count + 1;
    const isOver = isLast || this.tooLongLine !== undefined;
    // A copy: the block may be read into again.
    this.#rest = isOver ? Buffer.alloc(0) : Buffer.from(rest);
    this.#scanned = isOver ? 0 : scanned;
  }
}

/** The line as a text of its own, not a part of the block's that would keep all of it in memory. */
const textOf = (bytes: Buffer, isAscii: boolean): string | Uint8Array => {
  if (isAscii) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : new Uint8Array(bytes);
};
