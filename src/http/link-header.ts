/** A target in angle brackets, a quoted text, a separator, or a word; white space between them means nothing. */
const TOKEN = /<([^<>]*)>|"((?:[^"\\]|\\.)*)"|[,;=]|[^\s",;=<>]+/g;

interface Link {
  target: string;
  /** By name in lower case; the first of a name counts. */
  parameters: Map<string, string>;
}

/**
 * The target of the first link with the relation `next` in a `Link` header (RFC 8288, section 3), as it stands there;
 * undefined where there is none. A link about something else than the answer itself (`anchor`) is passed over.
 */
export function nextLinkIn(header: string | undefined): string | undefined {
  // Node reads headers as Latin-1, servers write UTF-8.
  const links = linksIn(Buffer.from(header ?? '', 'latin1').toString());
  const isNext = ({ parameters }: Link) => (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).includes('next');
  return links.find((link) => isNext(link) && !link.parameters.has('anchor'))?.target.trim();
}

function linksIn(text: string): Link[] {
  const links: Link[] = [];
  let link: Link | undefined;
  let name = '';
  let hasValue = false;
  for (const [token, target, quoted] of text.matchAll(TOKEN)) {
    if (target !== undefined) {
      link = { target, parameters: new Map() };
      links.push(link);
    } else if (token === ',' || token === ';') {
      if (token === ',') link = undefined;
      name = '';
      hasValue = false;
    } else if (token === '=') {
      hasValue = true;
    } else if (!hasValue) {
      name = token.toLowerCase();
      // A parameter without a value counts, too; one that has a value writes it over this.
      if (link?.parameters.has(name)) name = '';
      else link?.parameters.set(name, '');
    } else if (name !== '') {
      link?.parameters.set(name, quoted?.replace(/\\(.)/g, '$1') ?? token);
      name = '';
    }
  }
  return links;
}
