import { readFileSync } from 'node:fs';

/** A file taken apart into lines, and what is torn about it. */
export interface TextFile {
  /** Without their line breaks. */
  lines: readonly string[];
  problems: readonly string[];
}

/** Reads a text file; undefined where there is none. */
export function readText(path: string): string | undefined {
  return readBytes(path)?.toString('utf8');
}

/** I2 for any text file: it ends in a line break, it is UTF-8, and it has no NUL. */
export function readTextFile(path: string): TextFile {
  const bytes = readBytes(path);
  if (bytes === undefined || bytes.length === 0) return { lines: [], problems: [] };
  const problems: string[] = [];
  if (bytes.at(-1) !== 0x0a) problems.push('does not end in a line break');
  if (bytes.includes(0)) problems.push('has a NUL');
  if (!isUtf8(bytes)) problems.push('is not UTF-8');
  const text = bytes.toString('utf8');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines, problems };
}

/** Undefined where there is no such file. */
export function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // What should be there and is not shows in what is checked of its content.
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
