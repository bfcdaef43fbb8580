import type { SettingKind } from './setting-kinds.ts';
import { showHeaderName } from './show-value.ts';

/** A value as the schema wants it (or the text as it was, for the schema to refuse), or what keeps it from being one. */
export type FromWords = { value: unknown } | { expected: string; got: string };

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const WHOLE_NUMBER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * The value of a setting from what the command line or the environment gave: texts, several of them where a flag was
 * repeated, or a boolean of yargs'. Numbers are plain decimals: no blanks, no `1e3`, no `0x10`, no leading zeros.
 */
export function fromWords(kind: SettingKind, given: unknown): FromWords {
  if (kind === 'headers') return headersFromWords(given);
  if (kind === 'list') return { value: listFromWords(given) };
  if (Array.isArray(given)) return { expected: 'one value', got: `${given.length} of them` };
  return { value: typeof given === 'string' ? fromWord(kind, given) : given };
}

function fromWord(kind: SettingKind, word: string): unknown {
  switch (kind) {
    case 'number':
      return NUMBER.test(word) ? Number(word) : word;
    // `007` is a name: only what is written as a number counts columns.
    case 'column':
      return WHOLE_NUMBER.test(word) ? Number(word) : word;
    case 'boolean':
      return word === 'true' || word === 'false' ? word === 'true' : word;
    default:
      return word;
  }
}

/** Several words are joined; a word is a JSON list, or parts with commas between them. */
function listFromWords(given: unknown): unknown {
  if (Array.isArray(given)) return given.flatMap(listFromWords);
  if (typeof given !== 'string') return given;
  if (!given.trimStart().startsWith('[')) return given.split(',').map((part) => part.trim());
  return parsedJson(given) ?? given;
}

/** Each word is one header as `Name: value`, or a JSON object of them. */
function headersFromWords(given: unknown): FromWords {
  const pairs: [string, unknown][] = [];
  for (const word of Array.isArray(given) ? given : [given]) {
    const found = headerPairs(word);
    if (found === undefined)
      return { expected: "'Name: value', or a JSON object of names and values", got: 'something else' };
    pairs.push(...found);
  }
  const names = pairs.map(([name]) => name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) return { expected: 'each header once', got: `${showHeaderName(doubled)} twice` };
  return { value: Object.fromEntries(pairs) };
}

function headerPairs(word: unknown): [string, unknown][] | undefined {
  if (typeof word !== 'string') return undefined;
  if (word.trimStart().startsWith('{')) {
    const parsed = parsedJson(word);
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : undefined;
  }
  const colon = word.indexOf(':');
  if (colon < 1) return undefined;
  return [[word.slice(0, colon), word.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]];
}

/** Undefined where the text is not JSON; the message of `JSON.parse` would quote it. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
