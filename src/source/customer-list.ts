import type { Readable } from 'node:stream';

/** Which list to open, and what is wanted of each of its rows. */
export interface ListRequest {
  /** Path of the list; `-` is standard input. */
  path: string;
  /** What stands for standard input; the process's own where it is left out. */
  stdin?: Readable;
  hasHeader: boolean;
  /** The customer's column: a name in the header, or a number counted from 1. */
  column: string | number;
  /** The placeholders of the URL besides `{0}`: `1`, `2`, … or names of columns. */
  placeholders: readonly string[];
  /** Bytes read at once; rows do not depend on it. */
  blockBytes?: number;
}

/** A row of the list: neither the header nor blank. */
export interface SourceRow {
  position: number;
  /** Number of the line on which the row begins, from 1, blank lines and the header counted. */
  line: number;
  /** The row as it was, without its line break; bytes where it is not UTF-8. */
  raw: string | Uint8Array;
  /**
   * The customer, then one value for each placeholder, without the white space around them. Where there is a `problem`,
   * what could be made out of it, for messages only.
   */
  values: string[];
  /** Why no request can be made for this row, in words for the log, without the line's number. */
  problem?: string;
}

/** An open list. One call of `next` at a time. */
export interface CustomerList {
  /** The names of the columns; undefined where the list has no header. */
  header: string[] | undefined;
  /** The header as it was, without byte order mark and line break; bytes where it is not UTF-8. */
  headerRaw: string | Uint8Array | undefined;
  /** The first line break of the list. */
  eol: '\n' | '\r\n';
  /** Between one and `maxRows` rows in the order of the list, or none at its end. Throws a StopError where it cannot go on. */
  next(maxRows: number): Promise<SourceRow[]>;
  readonly bytesRead: number;
  /** SHA-256 (hexadecimal) of the bytes read so far. */
  readonly sha256: string;
  /** Undefined where the length is not known beforehand, as of a pipe. */
  readonly totalBytes: number | undefined;
  close(): Promise<void>;
}
