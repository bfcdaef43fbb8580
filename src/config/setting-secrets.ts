import type { Given } from './gather.ts';
import type { SettingName } from './schema.ts';
import {
  decoded,
  MIN_SECRET_LENGTH,
  secretsOfHeaders,
  secretsOfMembers,
  secretsOfSecretUrl,
  secretsOfUrl,
} from './secrets.ts';

/** What is secret in the settings, checked or not: what came by a reference, and what is known by its place or its name. */
export function secretsOfSettings(given: ReadonlyMap<SettingName, Given>, referenced: readonly string[]): string[] {
  const url = given.get('url')?.value;
  const pingUrl = given.get('ping_url')?.value;
  const secrets = [
    // For a URL a secret is handed over as it stands there; a server tells of it decoded.
    ...referenced.flatMap((secret) => [secret, decoded(secret)]),
    ...secretsOfHeaders(textMembers(given.get('headers')?.value)),
    ...secretsOfAuth(given.get('auth')?.value),
    ...secretsOfMembers(given.get('query')?.value),
    ...secretsOfMembers(given.get('body')?.value),
    ...(typeof url === 'string' ? secretsOfUrl(url) : []),
    ...(typeof pingUrl === 'string' ? secretsOfSecretUrl(pingUrl) : []),
  ];
  return [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH))];
}

/** Whatever else a sign-in holds may be told. */
export const SECRET_AUTH_MEMBERS = ['password', 'token', 'value', 'client_secret'];

function secretsOfAuth(auth: unknown): string[] {
  const members = textMembers(auth);
  const secrets = SECRET_AUTH_MEMBERS.flatMap((name) => members[name] ?? []);
  // A client's secret is encoded as in a form before it is encoded in base64.
  const encoded = secrets.map((secret) => new URLSearchParams([['', secret.toWellFormed()]]).toString().slice(1));
  return [...secrets, ...encoded, ...secretsOfMembers(auth)];
}

/** The members that are texts, of a value that is not checked yet. */
function textMembers(value: unknown): Record<string, string> {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(members.filter((member): member is [string, string] => typeof member[1] === 'string'));
}
