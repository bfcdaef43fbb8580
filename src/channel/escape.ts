/**
 * C0 and C1 controls, DEL, the Unicode line and paragraph separators, and the marks that change the direction of text:
 * with one of them a customer or a server could begin a line of its own, or drive the terminal that shows the log.
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Most texts have nothing else, and a look with two comparisons a character takes half as long as the other. */
const PLAIN = /^[ -~]*$/;
const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** Text that stays on one line of a log or a terminal, whatever is in it: `a␊b` → `a\nb`, ESC → `\e`, NUL → `\u0000`. */
export function escapeLine(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (c) => NAMED[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).toWellFormed();
}
