import type { ResultLine } from './result-line.ts';

/** Reads a line of a JSON object that has these members, the customer's first and no other. */
export function readJsonLine(text: string, names: readonly string[]): ResultLine {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { flaw: 'is not a JSON object' };
  const [first] = names;
  const customer = first === undefined ? undefined : Object.entries(value).find(([name]) => name === first)?.[1];
  if (typeof customer !== 'string') return { flaw: 'has no customer' };
  const found = new Set(Object.keys(value));
  const isSame = found.size === names.length && names.every((name) => found.has(name));
  return isSame ? { customer } : { flaw: `has not the members ${names.join(', ')}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A line that was cut or edited.
  }
}
