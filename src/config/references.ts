import { resolve } from 'node:path';
import { readLimited } from './read-limited.ts';
import { readProblem } from './read-problem.ts';

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FILE_PREFIX = 'file:';
/** A secret is short; what is longer was meant for something else. */
const MAX_SECRET_FILE_BYTES = 64 * 1024;

export interface Interpolated<T> {
  value: T;
  /** What was taken from the environment or from a file, without empty values. */
  secrets: string[];
  /** A phrase each, without values: what is not set, cannot be read, or is not well-formed. */
  problems: string[];
}

/** Where references are looked up. */
export interface ReferencePlaces {
  env: NodeJS.ProcessEnv;
  /** Paths in `${file:…}` are relative to it. */
  directory: string;
  /** Makes what was found stand for itself, where the setting reads more than plain text. */
  escape?(text: string): string;
}

type Found = { text: string } | { problem: string };

/**
 * Replaces each `${NAME}` in a text by the environment's value, and each `${file:PATH}` by what the file holds, without
 * its last line break; `$${` stands for a plain `${`.
 */
export function interpolate(text: string, places: ReferencePlaces): Interpolated<string> {
  const secrets: string[] = [];
  const problems: string[] = [];
  const value = text.replace(REFERENCE, (whole, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${';
    const found =
      end === '}' ? lookUp(name, places) : { problem: '${ without its closing brace ($${ stands for a plain ${)' };
    if ('problem' in found) {
      problems.push(found.problem);
      return whole;
    }
    const escaped = places.escape?.(found.text) ?? found.text;
    // In the settings it stands as it was escaped, and is as secret there.
    if (found.text !== '') secrets.push(...new Set([found.text, escaped]));
    return escaped;
  });
  return { value, secrets, problems };
}

/** The same for every text in a value from the settings file, however deep; names of members stay as they are. */
export function interpolateAll(value: unknown, places: ReferencePlaces): Interpolated<unknown> {
  if (typeof value === 'string') return interpolate(value, places);
  if (typeof value !== 'object' || value === null) return { value, secrets: [], problems: [] };
  const parts = Object.entries(value).map(([name, part]) => [name, interpolateAll(part, places)] as const);
  return {
    value: Array.isArray(value)
      ? parts.map(([, part]) => part.value)
      : Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
    secrets: parts.flatMap(([, part]) => part.secrets),
    problems: parts.flatMap(([, part]) => part.problems),
  };
}

function lookUp(name: string, { env, directory }: ReferencePlaces): Found {
  if (name.startsWith(FILE_PREFIX)) return readSecret(resolve(directory, name.slice(FILE_PREFIX.length)));
  if (!VARIABLE_NAME.test(name)) {
    return { problem: 'a reference to something that is no variable name ($${ stands for a plain ${)' };
  }
  const text = Object.hasOwn(env, name) ? env[name] : undefined;
  return text === undefined ? { problem: `the environment variable ${name} is not set` } : { text };
}

function readSecret(path: string): Found {
  const cannot = (problem: string): Found => ({ problem: `the file ${path} cannot be read: ${problem}` });
  const content = readLimited(path, MAX_SECRET_FILE_BYTES);
  if ('problem' in content) return cannot(content.problem);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content.bytes);
    return { text: text.replace(/\r?\n$/, '') };
  } catch (error) {
    return cannot(readProblem(error));
  }
}
