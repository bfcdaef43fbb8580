import { CsvError, parse } from 'csv-parse/sync';

/** A row that is not well-formed CSV. */
export interface Malformed {
  /** What is wrong, without a line's number. */
  problem: string;
}

/** The columns of a row as they stand in it, white space included, or what is wrong with it. */
export type ParsedRow = readonly string[] | Malformed;

export const isMalformed = (row: ParsedRow): row is Malformed => 'problem' in row;

/** Into how many parts rows are split to find the bad ones: one bad row in 4,096 costs 33 calls, not 4,097. */
const PARTS = 8;

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something other than a comma follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a value',
};

/**
 * Parses rows, each given without its line break, and gives one result for each. Where no quote is, commas are all there
 * is to CSV. The others of one width are parsed together: a call of csv-parse costs some 10 µs, and so does each row whose
 * width differs from that of the first in its call.
 */
export const parseRows = (rows: readonly string[]): ParsedRow[] => {
  const parsed: ParsedRow[] = rows.map((row) => (row.includes('"') ? [] : row.split(',')));
  const quoted = [...rows.keys()].filter((index) => rows[index]?.includes('"'));
  for (const indices of groupByCommas(rows, quoted).values()) {
    const group = parseGroup(indices.map((index) => withoutOuterSpaces(rows[index] ?? '')));
    for (const [at, row] of group.entries()) parsed[indices[at] ?? 0] = row;
  }
  return parsed;
};

/** Parses one row, which may have line breaks within quotes. */
export const parseRow = (row: string): ParsedRow => parseGroup([withoutOuterSpaces(row)])[0] ?? [];

const parseGroup = (rows: readonly string[]): ParsedRow[] => {
  try {
    // A row with a line break outside quotes would come back as two; the reader never makes one.
    const parsed = parse(`${rows.join('\n')}\n`, {
      record_delimiter: ['\n'],
      relax_column_count: true,
      max_record_size: 0,
    });
    if (parsed.length === rows.length) return parsed;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (rows.length === 1) return [{ problem: PROBLEMS[error.code] ?? `not CSV (${error.code})` }];
  }
  return rows.length === 1 ? [{ problem: 'not one row of CSV' }] : partsOf(rows).flatMap(parseGroup);
};

const partsOf = (rows: readonly string[]): string[][] => {
  const size = Math.ceil(rows.length / PARTS);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, part) => rows.slice(part * size, (part + 1) * size));
};

/** The rows at these indices, by how many commas they have. */
const groupByCommas = (rows: readonly string[], indices: readonly number[]): Map<number, number[]> => {
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    const commas = countCommas(rows[index] ?? '');
    const group = groups.get(commas);
    if (group === undefined) groups.set(commas, [index]);
    else group.push(index);
  }
  return groups;
};

const countCommas = (row: string): number => {
  let commas = 0;
  for (let at = row.indexOf(','); at !== -1; at = row.indexOf(',', at + 1)) commas += 1;
  return commas;
};

/**
 * `C1 , "a"` as `C1 ,"a"`: white space between a comma and a quote, which many programs write and csv-parse refuses
 * (its own `trim` would take more than spaces and tabs from the values). Every second part between quotes is outside them.
 */
const withoutOuterSpaces = (row: string): string => {
  if (!/[ \t]"|"[ \t]/.test(row)) return row;
  const parts = row.split('"');
  return parts.map((part, index) => (index % 2 === 0 ? trimPart(part, index, parts.length) : part)).join('"');
};

const trimPart = (part: string, index: number, count: number): string => {
  const isFirst = index === 0;
  const isLast = index === count - 1;
  if (/^[ \t]*$/.test(part)) return isFirst || isLast ? '' : part;
  const withStart = isFirst ? part : part.replace(/^[ \t]+,/, ',');
  return isLast ? withStart : withStart.replace(/,[ \t]+$/, ',');
};
