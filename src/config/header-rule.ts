/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, section 5.5: visible characters, blanks and tabs, and bytes above ASCII. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** They say how the message itself is sent: a wrong one would break the connection or let a second request slip in. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What the name of a header that comes should be and is not, as a phrase after "expected"; undefined where nothing is wrong. */
export const receivedHeaderExpectation = (name: string): string | undefined =>
  TOKEN.test(name) ? undefined : 'a header name without blanks and separators';

/** The same for a header that is sent. */
export function headerNameExpectation(name: string): string | undefined {
  const expected = receivedHeaderExpectation(name);
  if (expected !== undefined) return expected;
  return OWN_HEADERS.has(name.toLowerCase()) ? 'no such header: the program sets it itself' : undefined;
}

/** The same for a header's value. */
export function headerValueExpectation(value: string): string | undefined {
  return FIELD_VALUE.test(value) ? undefined : 'a value on one line, in Latin-1, without control characters';
}

/** The names that stand more than once when upper and lower case are the same, as they are in HTTP. */
export function doubledHeaders(names: readonly string[]): string[] {
  const lowered = names.map((name) => name.toLowerCase());
  return names.filter((name, index) => lowered.indexOf(name.toLowerCase()) !== index);
}
