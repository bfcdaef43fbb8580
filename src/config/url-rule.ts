/** Scheme, host and port, path and query. A URL parser would also take what is none of these, and bend it. */
const PARTS = /^([^:/?#]*):\/\/([^/?#]*)(.*)$/s;
const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Letters and digits only, so that it stands in a URL unencoded. */
const SAMPLE = '0customer0';

/** The names of a URL template's placeholders: `0` is the customer, who need not be among them. */
export const placeholdersInUrl = (template: string): string[] =>
  Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name);

/**
 * What a URL template should be and is not, as a phrase after "expected"; undefined where nothing is wrong. Placeholders
 * stand in path and query only: a customer must not choose the server.
 */
export function urlExpectation(template: string): string | undefined {
  const [, scheme = '', authority = '', target = ''] = PARTS.exec(template) ?? [];
  const unfit = unfitCharacter(template);
  if (unfit !== undefined) return `a URL without ${unfit}`;
  if (authority === '') return 'an absolute URL such as https://server.example/customers/{0}';
  if (/[{}]/.test(scheme + authority)) return 'no placeholder before the path: a customer must not choose the server';
  if (!/^https?$/i.test(scheme)) return 'a URL that begins with http:// or https://';
  if (authority.includes('@')) return 'a URL without user name and password (an authorization header can carry them)';
  return placeholderExpectation(target) ?? parsedExpectation(template);
}

/** Column names, which stand in placeholders only, may have blanks and whatever else is visible in them. */
function unfitCharacter(template: string): string | undefined {
  const literal = template.replace(PLACEHOLDER, '{}');
  if (/[\u0000-\u001f\u007f]/.test(template) || /\s/.test(literal)) return 'blanks, line breaks and control characters';
  if (literal.includes('\\')) return 'backslashes';
  if (literal.includes('#')) return 'a fragment (#…), which is never sent';
  // `%{0}` and the value `2e` would make a dot.
  return /%(?![0-9a-f]{2})/i.test(literal) ? 'a % that two hexadecimal digits do not follow (write %25)' : undefined;
}

function placeholderExpectation(target: string): string | undefined {
  const names = placeholdersInUrl(target);
  if (/[{}]/.test(target.replace(PLACEHOLDER, '')))
    return 'a URL in which each { has its } (write %7B and %7D for others)';
  return names.some((name) => name.trim() === '') ? 'a number or a column name in each placeholder' : undefined;
}

function parsedExpectation(template: string): string | undefined {
  const url = URL.parse(template.replace(PLACEHOLDER, SAMPLE));
  if (url === null) return 'a URL with a valid host and port';
  // `/{0}/..` would drop the customer again.
  const isKept = (url.pathname + url.search).includes(SAMPLE);
  return isKept || !template.includes('{') ? undefined : 'a URL without .. after the customer';
}
