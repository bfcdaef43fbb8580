import type { Line } from './line-splitter.ts';
import { isMalformed, type ParsedRow, parseRow } from './parse-rows.ts';
import { trimSpaces } from './trim.ts';

/** A row that is not blank, the header among them. */
export interface RawRow {
  line: number;
  /** As it was, without its last line break; bytes where it is not UTF-8. */
  raw: string | Uint8Array;
  /** Set where it had to be parsed to know where the row ends. */
  parsed?: ParsedRow;
}

/** The row as text; U+FFFD stands for what is not UTF-8, which leaves commas and quotes as they are. */
export const rowText = (raw: string | Uint8Array): string =>
  typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8');

/** The limits of a row with line breaks within quotes; beyond them, the quote counts as never closed. */
export const MAX_ROW_LINES = 1_000;
export const MAX_ROW_BYTES = 65_536;

/**
 * Joins lines into rows. A line with an odd number of quotes goes on in the next lines until the quotes are balanced; where
 * that does not happen within the limits, or gives no row, that line alone is a bad row and the others stand for themselves.
 */
export class RowAssembler {
  #waiting: Line[] = [];

  /** The rows that are certain with these lines. */
  push(lines: readonly Line[]): RawRow[] {
    return this.#assemble(lines, false);
  }

  /** The rows that are left at the end of the list. */
  end(): RawRow[] {
    return this.#assemble([], true);
  }

  #assemble(more: readonly Line[], isLast: boolean): RawRow[] {
    const lines = this.#waiting.concat(more);
    const rows: RawRow[] = [];
    let at = 0;
    for (let line = lines[0]; line !== undefined; line = lines[at]) {
      if (isBalanced(line)) {
        if (!isBlank(line)) rows.push({ line: line.number, raw: line.raw });
        at += 1;
        continue;
      }
      const closing = findClosing(lines, at);
      if (closing === 'unknown' && !isLast) break;
      const span = typeof closing === 'number' ? lines.slice(at, closing + 1) : [];
      const joined = joinLines(span);
      rows.push(joined ?? loneRow(line));
      at += joined === undefined ? 1 : span.length;
    }
    this.#waiting = lines.slice(at);
    return rows;
  }
}

const isBalanced = (line: Line): boolean => line.quotes % 2 === 0;

const isBlank = (line: Line): boolean => typeof line.raw === 'string' && trimSpaces(line.raw) === '';

/** The index of the line that balances the quotes, `never` where it is not within the limits, `unknown` where lines are lacking. */
const findClosing = (lines: readonly Line[], first: number): number | 'never' | 'unknown' => {
  let byteLength = 0;
  for (let at = first; at < first + MAX_ROW_LINES; at += 1) {
    const line = lines[at];
    if (line === undefined) return 'unknown';
    byteLength += line.byteLength + line.lineBreak.length;
    if (byteLength - line.lineBreak.length > MAX_ROW_BYTES) return 'never';
    if (at > first && !isBalanced(line)) return at;
  }
  return 'never';
};

/** The row that these lines are, if together they are one; undefined for no lines at all. */
const joinLines = (lines: readonly Line[]): RawRow | undefined => {
  const [first] = lines;
  if (first === undefined) return undefined;
  const raw = joinRaw(lines);
  const parsed = parseRow(rowText(raw));
  return isMalformed(parsed) ? undefined : { line: first.number, raw, parsed };
};

const joinRaw = (lines: readonly Line[]): string | Uint8Array => {
  const parts = lines.flatMap((line, index) => (index === lines.length - 1 ? [line.raw] : [line.raw, line.lineBreak]));
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))));
};

/** A line whose quotes are not balanced, taken for a row by itself: a malformed one. */
const loneRow = (line: Line): RawRow => ({ line: line.number, raw: line.raw, parsed: parseRow(rowText(line.raw)) });
