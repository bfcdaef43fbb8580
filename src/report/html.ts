import { escapeLine } from '../channel/escape.ts';

/** HTML that is safe to be put into a page as it stands. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML, on one line; control characters and marks that turn the direction of text are shown, not obeyed. */
export const escapeHtml = (text: string): string =>
  escapeLine(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** HTML from a template: whatever is put in is text, unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((all, string, i) => all + textOf(parts[i - 1] ?? '') + string));
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  return typeof part === 'number' ? String(part) : part.map(textOf).join('');
}

/** A value as JSON for a `script` element: nothing in it can end the element or begin another. */
export const scriptJson = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
