import type { HttpRequest } from '../http/client.ts';

/** Headers that are shown with their values; any other value may be a secret, whatever its name. */
const HARMLESS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);
const MAX_SHOWN_BODY = 500;

/** A request as `check` shows it: method, URL, headers, body. Known secrets in it are for the caller to mask. */
export function tellRequest(
  { method = 'GET', url, headers = {}, body }: HttpRequest,
  sharedHeaders: Readonly<Record<string, string>>,
): string[] {
  const own = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  const shared = Object.entries(sharedHeaders)
    .filter(([name]) => headers[name] === undefined)
    .map(([name, value]) => `  ${name}: ${HARMLESS.has(name) ? value : '***'}`);
  const lines = [`Request: ${method} ${url}`, ...shared, ...own];
  if (body !== undefined) lines.push(`  ${body.length > MAX_SHOWN_BODY ? `${body.slice(0, MAX_SHOWN_BODY)}…` : body}`);
  return lines;
}
