import { isUtf8 } from 'node:buffer';
import type { OutputFormat } from '../channel/protocol.ts';
import { type LineSettings, valueNames } from '../records/format.ts';
import { readCsvLine, readTextLine, readTsvLine } from './delimited-line.ts';
import { readJsonLine } from './json-line.ts';

/** What a whole line of the results holds: its customer, or why it is none. */
export type ResultLine = { customer: string } | { flaw: string };

/** How the lines of results are read. */
export interface LineReader {
  /** Whether a line break may stand in a line, within quotes. */
  hasQuotes: boolean;
  /** Reads a line, its line break included. */
  read(line: Buffer): ResultLine;
}

/** Reads lines as these settings have them written. */
export function lineReaderOf(settings: LineSettings): LineReader {
  const { output_format: format } = settings;
  const readText = textReaderOf(format, valueNames(settings));
  return { hasQuotes: format === 'text' || format === 'csv', read: (line) => readLine(line, readText) };
}

function textReaderOf(format: OutputFormat, names: readonly string[]): (text: string) => ResultLine {
  switch (format) {
    case 'text':
      return (text) => readTextLine(text, names.length);
    case 'csv':
      return (text) => readCsvLine(text, names.length);
    case 'tsv':
      return (text) => readTsvLine(text, names.length);
    case 'ndjson':
      return (text) => readJsonLine(text, names);
    default:
      return format satisfies never;
  }
}

/** What holds for a line of any format; `readText` gets it without its LF. */
function readLine(line: Buffer, readText: (text: string) => ResultLine): ResultLine {
  if (line.at(-1) !== 0x0a) return { flaw: 'has no line break at its end' };
  if (!isUtf8(line)) return { flaw: 'is not UTF-8' };
  const text = line.toString('utf8', 0, line.length - 1);
  return text.includes('\0') ? { flaw: 'has a NUL character' } : readText(text);
}
