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
  if (kind === 'headers') return pairsFromWords(given, HEADER);
  if (kind === 'pairs') return pairsFromWords(given, PAIR);
  if (kind === 'list') return { value: listFromWords(given) };
  if (Array.isArray(given)) return { expected: 'one value', got: `${given.length} of them` };
  if (kind === 'json') return jsonFromWord(given);
  return { value: typeof given === 'string' ? fromWord(kind, given) : given };
}

function jsonFromWord(given: unknown): FromWords {
  const value = typeof given === 'string' ? parsedJson(given) : undefined;
  return value === undefined ? { expected: 'JSON', got: 'something else' } : { value };
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
    case 'command':
      return word.trimStart().startsWith('[') ? (parsedJson(word) ?? word) : word;
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

/** How a name and a value stand in one word. */
interface PairForm {
  separator: ':' | '=';
  /** What one of them is called, and how it is written. */
  what: string;
  shape: string;
}

const HEADER: PairForm = { separator: ':', what: 'header', shape: 'Name: value' };
const PAIR: PairForm = { separator: '=', what: 'name', shape: 'name=value' };

/** Each word is one name with its value, or a JSON object of them. */
function pairsFromWords(given: unknown, form: PairForm): FromWords {
  const pairs: [string, unknown][] = [];
  for (const word of Array.isArray(given) ? given : [given]) {
    const found = pairsIn(word, form);
    if (found === undefined)
      return { expected: `'${form.shape}', or a JSON object of names and values`, got: 'something else' };
    pairs.push(...found);
  }
  const names = pairs.map(([name]) => name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) return { expected: `each ${form.what} once`, got: `${showHeaderName(doubled)} twice` };
  return { value: Object.fromEntries(pairs) };
}

function pairsIn(word: unknown, { separator }: PairForm): [string, unknown][] | undefined {
  if (typeof word !== 'string') return undefined;
  if (word.trimStart().startsWith('{')) {
    const parsed = parsedJson(word);
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : undefined;
  }
  const at = word.indexOf(separator);
  if (at < 1) return undefined;
  const value = word.slice(at + 1);
  return [[word.slice(0, at), separator === ':' ? value.replace(/^[ \t]+|[ \t]+$/g, '') : value]];
}

/** Undefined where the text is not JSON; the message of `JSON.parse` would quote it. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
