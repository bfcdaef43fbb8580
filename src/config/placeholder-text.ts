/** A text taken apart at its placeholders: `literals[0] {names[0]} literals[1] …`, one literal more than names. */
export interface PlaceholderText {
  literals: string[];
  names: string[];
}

/** No blanks next to the braces, so that what has them (GraphQL, most of all) is text; `{{name}}` is a plain `{name}`. */
const PLACEHOLDER = /\{(\{[^{}\s](?:[^{}"\n\r]*[^{}\s"])?\})\}|\{([^{}\s"](?:[^{}"\n\r]*[^{}\s"])?)\}/;

/** Takes apart a text that is not a URL: a header, a value in a query, a text in a body. */
export function parsePlaceholders(text: string): PlaceholderText {
  const literals: string[] = [''];
  const names: string[] = [];
  const addLiteral = (literal: string) => literals.push((literals.pop() ?? '') + literal);
  let rest = text;
  for (let match = PLACEHOLDER.exec(rest); match !== null; match = PLACEHOLDER.exec(rest)) {
    const [whole, escaped, name] = match;
    addLiteral(rest.slice(0, match.index) + (escaped ?? ''));
    if (name !== undefined) {
      names.push(name);
      literals.push('');
    }
    rest = rest.slice(match.index + whole.length);
  }
  addLiteral(rest);
  return { literals, names };
}

/** Makes a text stand for itself where placeholders are looked for. */
export const escapePlaceholders = (text: string): string => text.replace(new RegExp(PLACEHOLDER, 'g'), '{$&}');

/** The placeholder that a whole text is and nothing else; undefined where it is not, or may be JMESPath (`{a: b}`). */
export function lonePlaceholder(text: string): string | undefined {
  if (!text.startsWith('{') || text.includes(':')) return undefined;
  const { literals, names } = parsePlaceholders(text);
  return names.length === 1 && literals.every((literal) => literal === '') ? names[0] : undefined;
}

/** `{0:number}`, alone in a text of a JSON body, is a number with the digits of the list. */
const NUMBER = /^\{([^{}\s"](?:[^{}"\n\r]*[^{}\s"])?):number\}$/;

/** The placeholder that a whole text in a JSON body stands for where it is to be a number; undefined where it is not. */
export const numberPlaceholder = (text: string): string | undefined => NUMBER.exec(text)?.[1];

/** The names of all placeholders in a value from the settings, however deep: `0` is the customer. */
export function placeholdersIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const number = numberPlaceholder(value);
    return number === undefined ? parsePlaceholders(value).names : [number];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(placeholdersIn) : [];
}
