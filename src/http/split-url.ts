/** A URL as a client that keeps connections wants it. */
export interface UrlParts {
  /** `https://example.org:8443` */
  origin: string;
  /** Path and query, as they are sent. */
  path: string;
}

/** What a URL parser leaves as it is, apart from segments of dots: a number, a name, what our own encoding makes. */
const PLAIN = /^(https?:\/\/[a-z0-9.-]+(?::(?!80\/|443\/)[1-9]\d*)?)(\/[\w.~!$()*+,;=:@%&?/-]*)(?<!\?)$/;
const DOTS = /\/\.|%2e/i;

const PLAIN_PATH = /^\/[\w.~!$()*+,;=:@%&?/-]*(?<!\?)$/;

/** That of the last plain address: nearly all have the same. */
let lastOrigin = '';

/** Takes an address apart; a parser, which costs more than the rest of a request's preparation, sees the unusual ones only. */
export function splitUrl(url: string): UrlParts {
  if (lastOrigin !== '' && url.startsWith(lastOrigin)) {
    const path = url.slice(lastOrigin.length);
    if (PLAIN_PATH.test(path) && !DOTS.test(path)) return { origin: lastOrigin, path };
  }
  const [, origin, path] = PLAIN.exec(url) ?? [];
  if (origin !== undefined && path !== undefined && !DOTS.test(path)) {
    lastOrigin = origin;
    return { origin, path };
  }
  const parsed = new URL(url);
  return { origin: parsed.origin, path: parsed.pathname + parsed.search };
}
