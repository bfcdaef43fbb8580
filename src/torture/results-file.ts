import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expectedHeadOf, type ResultFormat } from '../../fixtures/result-lines.ts';
import { readBytes } from './text-file.ts';

/** How a run writes its results. */
export interface ResultsShape {
  outputFormat: ResultFormat;
  outputOrder: 'arrival' | 'input';
  outputCompression: 'none' | 'gzip' | 'zstd';
}

/** A record of the results, which is a line but for quoted line breaks. */
export interface ResultRecord {
  customer: string;
  /** As it stands in the file, without the line break at its end. */
  raw: string;
}

export interface ResultsFile {
  records: readonly ResultRecord[];
  problems: readonly string[];
}

const VALUE = '(?:"(?:[^"]|"")*"|[^,"\\n]*)';
/** Four values: the customer and the three default fields; of an object, the customer and the record. */
const RECORDS: Record<ResultFormat, RegExp> = {
  text: new RegExp(`^(${VALUE})(?:, ${VALUE}){3}$`),
  csv: new RegExp(`^(${VALUE})(?:,${VALUE}){3}$`),
  tsv: /^([^\t\r\n]*)(?:\t[^\t\r\n]*){3}$/,
  ndjson: /^\{"customer":("(?:[^"\\]|\\.)*"),"record":\{.*\}\}$/,
};

/** Reads the results file by itself, with no help of the program that wrote it. */
export function readResultsFile(path: string, { outputFormat: format, outputCompression }: ResultsShape): ResultsFile {
  const { text, problems } = unpacked(path, outputCompression);
  const head = expectedHeadOf(format);
  if (text === '') return { records: [], problems };
  if (!text.startsWith(head)) problems.push(`does not begin with ${show(head)}`);
  const records: ResultRecord[] = [];
  const body = text.slice(head.length);
  const pieces = format === 'text' || format === 'csv' ? splitOutsideQuotes(body) : body.split('\n');
  if (pieces.at(-1) !== '') problems.push(`ends in the middle of a record: ${show(pieces.at(-1))}`);
  for (const piece of pieces.slice(0, -1)) {
    const raw = format === 'csv' ? piece.replace(/\r$/, '') : piece;
    const customer = format === 'csv' && raw === piece ? undefined : RECORDS[format].exec(raw)?.[1];
    if (customer === undefined) problems.push(`has a record that is none: ${show(raw)}`);
    else records.push({ customer: plain(customer, format), raw });
  }
  return { records, problems };
}

/** What a file holds, as far as it goes, and whether it is cut short. */
function unpacked(path: string, compression: ResultsShape['outputCompression']): { text: string; problems: string[] } {
  const bytes = readBytes(path);
  if (bytes === undefined || bytes.length === 0) return { text: '', problems: [] };
  if (compression === 'none') return { text: bytes.toString('utf8'), problems: [] };
  const unpack = compression === 'gzip' ? gunzipSync : zstdDecompressSync;
  try {
    return { text: unpack(bytes).toString('utf8'), problems: [] };
  } catch {
    const finishFlush = compression === 'gzip' ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_continue;
    return { text: unpack(bytes, { finishFlush }).toString('utf8'), problems: ['ends in the middle of a member'] };
  }
}

/** Text between line breaks that no quotes enclose; what follows the last one is the last piece. */
function splitOutsideQuotes(text: string): string[] {
  const pieces: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"') isQuoted = !isQuoted;
    if (c !== '\n' || isQuoted) continue;
    pieces.push(text.slice(start, at));
    start = at + 1;
  }
  return [...pieces, text.slice(start)];
}

/** The customers of the lists here hold nothing that a tab-separated value would escape. */
function plain(value: string, format: ResultFormat): string {
  if (format === 'ndjson') return String(JSON.parse(value));
  return format !== 'tsv' && value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value;
}

const show = (text = ''): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
