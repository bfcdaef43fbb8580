import type { Encoded, Encoder } from './value-template.ts';

/** RFC 9110, section 5.5: visible characters, blanks and tabs, and bytes above ASCII, which Node writes as Latin-1. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** RFC 8259, section 6. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const flawOf = (value: string): string | undefined => {
  if (!value.isWellFormed()) return 'has half a surrogate pair in it';
  return value.includes('\0') ? 'has a NUL character in it' : undefined;
};

/** What no place can take is refused everywhere alike. */
const checked =
  (encode: Encoder): Encoder =>
  (value) => {
    const flaw = flawOf(value);
    return flaw === undefined ? encode(value) : { flaw };
  };

/** Percent-encodes everything but the unreserved characters of RFC 3986, section 2.3. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);

/** As forms are encoded (application/x-www-form-urlencoded): a blank is a plus sign. */
export const formEncode = (text: string): string => percentEncode(text).replaceAll('%20', '+');

export const forForm: Encoder = checked((value) => ({ text: formEncode(value) }));

/** The inside of a JSON string. */
export const jsonEncode = (text: string): string => JSON.stringify(text).slice(1, -1);

export const forJsonText: Encoder = checked((value) => ({ text: jsonEncode(value) }));

/** A number with its digits as they are, 64-bit ids too. */
export const forJsonNumber: Encoder = (value) =>
  JSON_NUMBER.test(value) ? { text: value } : { flaw: 'is no number, as the body wants it' };

/** A header has no way to encode a value: what cannot stand in this one is refused. */
export const forHeader = (name: string): Encoder =>
  checked(
    (value): Encoded =>
      FIELD_VALUE.test(value)
        ? { text: value }
        : { flaw: `has a character in it that cannot stand in the header ${name}` },
  );
