import { isPlainPath } from '../config/path-rule.ts';
import { isContainer } from './path.ts';

/** A list of records in an answer, as the settings name it and its fields. */
export interface FoundList {
  records: string;
  /** The names of what stands in its first record and is no object or list itself. */
  fields: string[];
}

const MAX_DEPTH = 4;
const MAX_LISTS = 5;

/** The lists of objects in an answer that a plain path leads to, the outermost first, some of them at most. */
export function findLists(answer: unknown): FoundList[] {
  const found: FoundList[] = [];
  let level: [string[], unknown][] = [[[], answer]];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    for (const [path, value] of level) {
      if (!Array.isArray(value) || !isContainer(value[0])) continue;
      const fields = Object.entries(value[0]).flatMap(([name, part]) => (isContainer(part) ? [] : name));
      found.push({ records: path.length === 0 ? '@' : path.join('.'), fields: fields.filter(isPlainName) });
      if (found.length === MAX_LISTS) return found;
    }
    level = level.flatMap(([path, value]) => (Array.isArray(value) ? [] : membersOf(path, value)));
  }
  return found;
}

function membersOf(path: string[], value: unknown): [string[], unknown][] {
  if (!isContainer(value)) return [];
  return Object.entries(value)
    .filter(([name]) => isPlainName(name))
    .map(([name, part]) => [[...path, name], part]);
}

const isPlainName = (name: string): boolean => name !== '' && !name.includes('.') && isPlainPath(name) && name !== '@';
