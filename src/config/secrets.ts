/**
 * What is secret in the settings, and how a value is taken from the environment. The children import this file too: it
 * needs nothing but the language.
 */
export { createRedactor } from './redactor.ts';

/** Shorter values are used, but not masked: `***` for every `1` would make logs unreadable and hide nothing. */
export const MIN_SECRET_LENGTH = 4;
/** A plain value in a URL's query may be an ordinary word; what is shorter than this is taken for one. */
const MIN_QUERY_SECRET_LENGTH = 8;

const SECRET_HEADER = /auth|cookie|token|secret|key|passw|credential|session|signature/i;
const SECRET_QUERY =
  /^(?:x[-_])?(?:(?:api|access|auth|client|subscription)[-_]?)?(?:key|token|secret|password|passwd|pwd|sig|signature)$/i;
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface Interpolated<T> {
  value: T;
  /** What was taken from the environment, without empty values. */
  secrets: string[];
  /** A phrase each, without values: variables that are not set, references that are not well-formed. */
  problems: string[];
}

/** Replaces each `${NAME}` in a text by the environment's value; `$${` stands for a plain `${`. */
export function interpolate(text: string, env: NodeJS.ProcessEnv): Interpolated<string> {
  const secrets: string[] = [];
  const problems: string[] = [];
  const value = text.replace(REFERENCE, (whole, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${';
    const problem = referenceProblem(name, end === '}', env);
    const found = problem === undefined ? env[name] : undefined;
    if (problem !== undefined) problems.push(problem);
    if (found) secrets.push(found);
    return found ?? whole;
  });
  return { value, secrets, problems };
}

/** The same for every text in a value from the settings file, however deep; names of members stay as they are. */
export function interpolateAll(value: unknown, env: NodeJS.ProcessEnv): Interpolated<unknown> {
  if (typeof value === 'string') return interpolate(value, env);
  if (typeof value !== 'object' || value === null) return { value, secrets: [], problems: [] };
  const parts = Object.entries(value).map(([name, part]) => [name, interpolateAll(part, env)] as const);
  return {
    value: Array.isArray(value)
      ? parts.map(([, part]) => part.value)
      : Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
    secrets: parts.flatMap(([, part]) => part.secrets),
    problems: parts.flatMap(([, part]) => part.problems),
  };
}

/** The secrets among headers, known by the header's name: the whole value, and the parts of it that are secret alone. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([name, value]) => [value, ...(/cookie/i.test(name) ? cookieValues(value) : credentials(value))])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

/** The secrets in a URL template, known by the query parameter's name, as they stand there and decoded. */
export function secretsOfUrl(template: string): string[] {
  const query = template.split('#', 1)[0]?.split('?').slice(1).join('?') ?? '';
  return query
    .split('&')
    .map((pair) => ({ name: pair.split('=', 1)[0] ?? '', value: pair.split('=').slice(1).join('=') }))
    .filter(({ name, value }) => SECRET_QUERY.test(name) && value.length >= MIN_QUERY_SECRET_LENGTH)
    .filter(({ value }) => !value.includes('{'))
    .flatMap(({ value }) => [value, decoded(value)]);
}

function referenceProblem(name: string, isClosed: boolean, env: NodeJS.ProcessEnv): string | undefined {
  if (!isClosed) return '${ without its closing brace ($${ stands for a plain ${)';
  if (!VARIABLE_NAME.test(name)) return 'a reference to something that is no variable name ($${ stands for a plain ${)';
  return Object.hasOwn(env, name) ? undefined : `the environment variable ${name} is not set`;
}

/** What follows the scheme of `Bearer xyz`, and the password in a `Basic` one. */
function credentials(value: string): string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/);
  const credential = rest.join(' ');
  if (scheme.toLowerCase() !== 'basic') return [credential];
  const pair = Buffer.from(credential, 'base64').toString();
  return [credential, pair, pair.split(':').slice(1).join(':')];
}

function cookieValues(value: string): string[] {
  return value.split(';').map((pair) => pair.split('=').slice(1).join('=').trim());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not percent-encoding after all: the text as it stands is the only form.
    return text;
  }
}
