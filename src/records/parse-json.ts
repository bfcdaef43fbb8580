/**
 * JSON source text access (ECMA-262, in Node since 21): TypeScript's library does not have it yet.
 * https://github.com/tc39/proposal-json-parse-with-source
 */
declare global {
  /** A frozen object that `JSON.stringify` writes as the text in it. */
  interface RawJson {
    readonly rawJSON: string;
  }
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
  }
}

/**
 * Finds a number that plain parsing might not give back as it was written: 16 or more digits, an exponent, a zero at the
 * end of its fraction, six zeros at its beginning, -0. It may find too much (in a string, or a number with 15 digits),
 * never too little. All repetitions are bounded: it is linear on hostile text.
 */
const UNUSUAL_NUMBER =
  /[\s:,[]-?(?:[\d.]{16}|\d{1,15}(?:\.\d{1,15})?[eE]|\d{1,15}\.\d{0,14}0(?!\d)|0\.000000|0(?<=-0)(?![\d.]))/;

/** Nothing stands before a number that is the whole text; to look for a beginning as well makes the search half as fast. */
const IS_NUMBER = /^[-\d]/;

/**
 * Parses JSON so that each number can be written with the digits that were sent: a number that JavaScript would write in
 * another way becomes a `RawJson`. Throws what `JSON.parse` throws, and `RangeError` where it is nested too deeply.
 */
export function parseJson(text: string): unknown {
  return UNUSUAL_NUMBER.test(text) || IS_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return JSON.rawJSON(source);
}
