const MAX_SHOWN_LENGTH = 120;
/** What JSON leaves as it is, and what would still break a line or turn it round on a terminal. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as it stands in a message, on one line: texts quoted, escaped and cut, lists and objects by their kind only. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return showText(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : String(value);
}

/** What kind of value it is, for settings whose values are not to be seen; that a text is empty tells no secret. */
export function showKind(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'text';
  if (value === undefined) return 'nothing';
  return typeof value === 'number' || typeof value === 'boolean' ? `a ${typeof value}` : showValue(value);
}

/** A URL with whatever stands before its last `@` masked, however broken it is. */
export function maskUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:(?=[/\\])[/\\]*)?.*@/is, '$1***@');
}

/** A name as it stands in a message: as it is where it looks like one, else quoted and escaped. */
export function showName(name: string): string {
  return /^[\w$.-]{1,60}$/.test(name) ? name : showText(name);
}

/** A header's name, cut where no name goes on: what follows may be a value that was written into the wrong place. */
export function showHeaderName(name: string): string {
  const start = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*/.exec(name)?.[0] ?? '';
  return start.length < name.length ? `${start.slice(0, 60)}…` : showName(start);
}

function showText(text: string): string {
  const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
  return JSON.stringify(shown).replace(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
