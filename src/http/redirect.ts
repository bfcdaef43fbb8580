/** One more is one too many. */
export const MAX_REDIRECTS = 10;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends us on to, as an origin (`https://example.org`); undefined where it does not, `''` where to an
 * address that is none. The rest of the address is left out: it may hold what was sent.
 */
export function redirectOrigin(status: number, location: string | undefined, url: string): string | undefined {
  if (!REDIRECT_STATUSES.has(status) || location === undefined || location === '') return undefined;
  const target = URL.parse(fromHeader(location), url);
  // `file:` and the like have no origin ('null').
  return target === null ? '' : target.origin === 'null' ? target.protocol : target.origin;
}

/** The whole address that a redirect leads to; undefined where it leads nowhere. */
export function redirectTarget(status: number, location: string | undefined, url: string): string | undefined {
  if (!REDIRECT_STATUSES.has(status) || location === undefined || location === '') return undefined;
  return URL.parse(fromHeader(location), url)?.href;
}

/** Whether the target is at the same scheme, host and port: credentials never travel elsewhere. */
export const isSameOrigin = (origin: string, url: string): boolean => origin === URL.parse(url)?.origin;

/** Node reads headers as Latin-1, servers write UTF-8; got reads a location in the same way. */
const fromHeader = (location: string): string => Buffer.from(location, 'latin1').toString();
