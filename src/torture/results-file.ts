import { readText } from './text-file.ts';

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
/** Four values: the customer and the three default fields. */
const RECORD = new RegExp(`^(${VALUE})(?:, ${VALUE}){3}$`);

/** Reads the results file by itself, with no help of the program that wrote it. */
export function readResultsFile(path: string): ResultsFile {
  const records: ResultRecord[] = [];
  const problems: string[] = [];
  const pieces = splitOutsideQuotes(readText(path) ?? '');
  if (pieces.at(-1) !== '') problems.push(`ends in the middle of a record: ${show(pieces.at(-1))}`);
  for (const raw of pieces.slice(0, -1)) {
    const customer = RECORD.exec(raw)?.[1];
    if (customer === undefined) problems.push(`has a record that is none: ${show(raw)}`);
    else records.push({ customer: unquoted(customer), raw });
  }
  return { records, problems };
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

const unquoted = (value: string): string => (value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);

const show = (text = ''): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
