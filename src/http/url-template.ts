import { UsageError } from '../errors.ts';
import { percentEncode } from './encoders.ts';

/** A URL with placeholders, taken apart once. */
export interface UrlTemplate {
  /** Names of the placeholders other than `0` (the customer), each once, in order of first use. */
  placeholders: string[];
  /** The URL for `[customer, one value per placeholder]`, or why none can be sent safely. */
  expand(values: readonly string[]): { url: string } | { problem: string };
}

/** Literal text and the values between it: `literals[0] value[indexes[0]] literals[1] …`. */
interface Pattern {
  literals: string[];
  indexes: number[];
}

const PLACEHOLDER = /\{([^{}]+)\}/;
const PLACEHOLDERS = /\{([^{}]+)\}/g;
/** Characters that a URL parser drops, or takes for another: blanks, control characters, the backslash. */
const UNFIT_CHARACTER = /[\s\x00-\x1f\x7f\\]/;
const STRAY_PERCENT = /%(?![0-9a-f]{2})/i;
/** A segment that a server reads as "here", "one up" or nothing, also where it strips `;parameters` from segments. */
const MOVING_SEGMENT = /^(?:\.|%2e){0,2}(?:;|$)/i;
const SAFE_VALUE = /^[\w.~-]*$/;

/**
 * Compiles a URL whose placeholders are `{0}` for the customer and `{name}` for other columns. Each value becomes one
 * path segment or one query value (RFC 3986), so that none changes host, path or query. Throws `UsageError`.
 */
export function compileUrl(template: string): UrlTemplate {
  const { authority, rest } = splitUrl(template);
  const path = rest.split('?', 1)[0] ?? '';
  checkLiterals(template, authority, rest);
  const placeholders = namesIn(rest).filter((name) => name !== '0');
  const pattern = compilePattern(template, placeholders);
  const segments = path
    .split('/')
    .filter((segment) => PLACEHOLDER.test(segment))
    .map((segment) => compilePattern(segment, placeholders));
  return { placeholders, expand: (values) => expand(pattern, segments, placeholders, values) };
}

function splitUrl(template: string): { authority: string; rest: string } {
  const match = /^([^:/?#]*):\/\/([^/?#]*)(.*)$/s.exec(template);
  const [, scheme = '', authority = '', rest = ''] = match ?? [];
  if (PLACEHOLDER.test(scheme) || PLACEHOLDER.test(authority)) {
    throw new UsageError('url has a placeholder before its path: the host must be the same for every customer');
  }
  if (!/^https?$/i.test(scheme)) throw new UsageError('url must begin with http:// or https://');
  if (authority.includes('@')) {
    throw new UsageError('url has a user name or password in it: send them in a header instead');
  }
  return { authority, rest };
}

function checkLiterals(template: string, authority: string, rest: string): void {
  const literal = rest.replace(PLACEHOLDERS, '');
  if (/[{}]/.test(authority + literal)) {
    throw new UsageError('url has an unbalanced brace: write %7B and %7D for braces that are no placeholder');
  }
  if (literal.includes('#')) throw new UsageError('url has a fragment (#…), which is never sent');
  if (UNFIT_CHARACTER.test(authority + literal)) {
    throw new UsageError('url has a blank, a backslash or a control character in it: percent-encode it');
  }
  // Else `%{0}` and the value `2e` would make a dot.
  if (STRAY_PERCENT.test(rest.replace(PLACEHOLDERS, '\n'))) {
    throw new UsageError('url has a % that two hexadecimal digits do not follow: write %25');
  }
  // A parser would take the first segment for the missing host.
  if (authority === '' || !URL.canParse(template.replace(PLACEHOLDERS, 'x')))
    throw new UsageError('url is not a valid address');
}

const namesIn = (text: string): string[] => [
  ...new Set(Array.from(text.matchAll(PLACEHOLDERS), ([, name = '']) => name)),
];

function compilePattern(text: string, placeholders: readonly string[]): Pattern {
  const pieces = text.split(PLACEHOLDERS);
  const literals = pieces.filter((_, at) => at % 2 === 0);
  const names = pieces.filter((_, at) => at % 2 === 1);
  return { literals, indexes: names.map((name) => (name === '0' ? 0 : placeholders.indexOf(name) + 1)) };
}

function expand(
  pattern: Pattern,
  segments: readonly Pattern[],
  placeholders: readonly string[],
  values: readonly string[],
): { url: string } | { problem: string } {
  if (!values[0]) return { problem: 'the customer is empty' };
  const encoded: string[] = [];
  for (let at = 0; at <= placeholders.length; at += 1) {
    const value = values[at] ?? '';
    const flaw = flawOf(value);
    if (flaw !== undefined) return { problem: `${at === 0 ? 'the customer' : placeholders[at - 1]} has ${flaw} in it` };
    encoded.push(encodeValue(value));
  }
  for (const segment of segments) {
    const filled = fill(segment, encoded);
    if (MOVING_SEGMENT.test(filled))
      return { problem: `cannot be sent safely: a part of the path would be "${filled}"` };
  }
  return { url: fill(pattern, encoded) };
}

function flawOf(value: string): string | undefined {
  if (!value.isWellFormed()) return 'half a surrogate pair';
  return value.includes('\0') ? 'a NUL character' : undefined;
}

const encodeValue = (value: string): string => (SAFE_VALUE.test(value) ? value : percentEncode(value));

function fill({ literals, indexes }: Pattern, encoded: readonly string[]): string {
  let text = literals[0] ?? '';
  for (let at = 0; at < indexes.length; at += 1) text += (encoded[indexes[at] ?? 0] ?? '') + (literals[at + 1] ?? '');
  return text;
}
