import { crc32 } from 'node:zlib';

const MARK = ',"crc":"';
const TAIL = /,"crc":"([0-9a-f]{8})"\}$/;

/**
 * A line of the journal: a JSON object whose last member is the checksum (CRC-32, hexadecimal) of what stands before it.
 * Example: `{"type":"end","crc":"6c9e3c2c"}`
 */
export function journalLine(record: object): string {
  const body = JSON.stringify(record).slice(0, -1);
  return `${body}${MARK}${checksum(body)}"}\n`;
}

/** The record of a line without its line break, or undefined where its checksum or its form is wrong. */
export function readJournalLine(line: string): unknown {
  const match = TAIL.exec(line);
  if (match === null) return undefined;
  const body = line.slice(0, match.index);
  if (checksum(body) !== match[1]) return undefined;
  try {
    const parsed: unknown = JSON.parse(`${body}}`);
    return parsed;
  } catch {
    return undefined; // A checksum that fits what is no JSON is damage too.
  }
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
