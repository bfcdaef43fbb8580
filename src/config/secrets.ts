/** What is secret in the settings. The children import this file too: it needs nothing but the language. */
export { createLearningRedactor, createRedactor } from './redactor.ts';

/** Shorter values are used, but not masked: `***` for every `1` would make logs unreadable and hide nothing. */
export const MIN_SECRET_LENGTH = 4;
/** A plain value in a URL's query may be an ordinary word; what is shorter than this is taken for one. */
const MIN_QUERY_SECRET_LENGTH = 8;

const SECRET_HEADER = /auth|cookie|token|secret|key|passw|credential|session|signature/i;
const SECRET_QUERY =
  /^(?:x[-_])?(?:(?:api|access|auth|client|subscription)[-_]?)?(?:key|token|secret|password|passwd|pwd|sig|signature)$/i;

/** The secrets among headers, known by the header's name: the whole value, and the parts of it that are secret alone. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([name, value]) => [value, ...(/cookie/i.test(name) ? cookieValues(value) : credentials(value))])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

/** The secrets among the texts of a value from the settings, however deep, known by the name of the member. */
export function secretsOfMembers(value: unknown): string[] {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return members.flatMap(([name, member]) => {
    if (typeof member !== 'string') return secretsOfMembers(member);
    return SECRET_QUERY.test(name) && isLikeSecret(member) ? [member] : [];
  });
}

/** A placeholder is none, and a short text is an ordinary word. */
const isLikeSecret = (text: string): boolean => text.length >= MIN_QUERY_SECRET_LENGTH && !text.includes('{');

/** The secrets in a URL template, known by the query parameter's name, as they stand there and decoded. */
export function secretsOfUrl(template: string): string[] {
  const query = template.split('#', 1)[0]?.split('?').slice(1).join('?') ?? '';
  return query
    .split('&')
    .map((pair) => ({ name: pair.split('=', 1)[0] ?? '', value: pair.split('=').slice(1).join('=') }))
    .filter(({ name, value }) => SECRET_QUERY.test(name) && isLikeSecret(value))
    .flatMap(({ value }) => [value, decoded(value)]);
}

/** The secrets in a URL that is secret as a whole: itself, and its path and query, by which a server knows whoever has it. */
export function secretsOfSecretUrl(url: string): string[] {
  const [, rest = ''] = /^https?:\/\/[^/?]*(.*)$/i.exec(url) ?? [];
  return [url, rest].filter((secret) => secret.length >= MIN_QUERY_SECRET_LENGTH);
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

/** A text without its percent-encoding; as it stands where it has none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not percent-encoding after all: the text as it stands is the only form.
    return text;
  }
}
