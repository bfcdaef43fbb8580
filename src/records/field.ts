import type { FieldSetting } from '../channel/protocol.ts';
import { lonePlaceholder, parsePlaceholders } from '../config/placeholder-text.ts';
import { compilePath } from './path.ts';

/** A value of a result line, taken apart once. */
export interface Field {
  /** What stands for it in a header line. */
  name: string;
  /** What messages call it. */
  path: string;
  /** Its value for a record of the customer whose row has these values, `undefined` where there is none. */
  get(record: unknown, values: readonly string[]): unknown;
}

export interface CompiledFields {
  fields: Field[];
  /** The placeholders that were known, then those that stand in the fields beside `0`, each once. */
  placeholders: string[];
}

/**
 * Compiles what stands in a result line behind the customer; `known` are the placeholders whose values a row has already,
 * in their order. Throws `UsageError` for a wrong path.
 */
export function compileFields(settings: readonly FieldSetting[], known: readonly string[] = []): CompiledFields {
  const placeholders = [...known];
  const indexOf = (placeholder: string): number => {
    if (placeholder === '0') return 0;
    if (!placeholders.includes(placeholder)) placeholders.push(placeholder);
    return placeholders.indexOf(placeholder) + 1;
  };
  return { fields: settings.map((setting) => compileField(setting, indexOf)), placeholders };
}

type IndexOf = (placeholder: string) => number;

function compileField(setting: FieldSetting, indexOf: IndexOf): Field {
  if (typeof setting === 'string') return compileFound(setting, indexOf);
  if ('value' in setting) return { name: setting.name, path: setting.name, get: compileValue(setting.value, indexOf) };
  const found = compileFound(setting.path, indexOf);
  const { get } = found;
  return {
    ...found,
    name: setting.name ?? found.name,
    get: setting.missing === 'empty' ? (record, values) => get(record, values) ?? null : get,
  };
}

function compileFound(path: string, indexOf: IndexOf): Field {
  const placeholder = lonePlaceholder(path);
  if (placeholder === undefined) return { name: path, ...compilePath(path) };
  const index = indexOf(placeholder);
  return { name: placeholder, path, get: (_record, values) => values[index] };
}

function compileValue(value: string | number | boolean | null, indexOf: IndexOf): Field['get'] {
  if (typeof value !== 'string') return () => value;
  const { literals, names } = parsePlaceholders(value);
  const indexes = names.map(indexOf);
  const constant = literals[0] ?? '';
  if (indexes.length === 0) return () => constant;
  return (_record, values) =>
    indexes.reduce((text, index, at) => text + (values[index] ?? '') + (literals[at + 1] ?? ''), constant);
}
