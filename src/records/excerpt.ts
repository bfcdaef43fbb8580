const EXCERPT_LENGTH = 80;

/** The beginning of a text from a server, on one line, cut at some 80 characters. */
export function excerpt(text: string, length: number = EXCERPT_LENGTH): string {
  // A body may be megabytes of blanks: no more than a few times the length is looked at.
  const head = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const isWhole = head.length <= length && text.length <= length * 4;
  return isWhole ? head : `${head.slice(0, length).toWellFormed()}…`;
}

/** What a JSON value is, in words: `an object`, `a number`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return JSON.isRawJSON(value) ? 'a number' : 'an object';
  return value === undefined ? 'nothing' : `a ${typeof value}`;
}
