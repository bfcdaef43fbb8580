import type { RequestSettings } from '../channel/protocol.ts';
import { parsePlaceholders } from '../config/placeholder-text.ts';
import { compileBody } from './body-template.ts';
import type { HttpRequest } from './client.ts';
import { forHeader, percentEncode } from './encoders.ts';
import { compileUrl } from './url-template.ts';
import { Placeholders, ValueTemplate } from './value-template.ts';

/** What is requested for a customer, taken apart once. */
export interface RequestTemplate {
  /** Names of the placeholders other than `0` (the customer), each once, in order of first use. */
  placeholders: string[];
  /** The headers that are the same for every customer, names in lower case: for the client, not for each request. */
  sharedHeaders: Record<string, string>;
  /** The request for `[customer, one value per placeholder]`, or why none can be sent safely. */
  expand(values: readonly string[]): { request: HttpRequest } | { problem: string };
}

type Expand = RequestTemplate['expand'];

/** Compiles the settings that say what is sent. Throws `UsageError`. */
export function compileRequest(settings: RequestSettings): RequestTemplate {
  const url = compileUrl(withQuery(settings));
  const placeholders = new Placeholders(url.placeholders);
  const headers = compileHeaders(settings.headers, placeholders);
  const body = settings.body && compileBody(settings.body, placeholders);
  const perCustomer = headers.filter(({ template }) => template.hasPlaceholders);
  const method = settings.method ?? (body === undefined ? 'GET' : 'POST');
  const expandUrl: Expand = (values) => {
    const expanded = url.expand(values);
    return 'url' in expanded ? { request: { url: expanded.url } } : expanded;
  };
  // A bare GET, the usual case, costs nothing more.
  const isBare = method === 'GET' && body === undefined && perCustomer.length === 0;
  return {
    placeholders: placeholders.names,
    sharedHeaders: {
      ...(body && { 'content-type': body.contentType }),
      ...Object.fromEntries(headers.filter(({ template }) => !template.hasPlaceholders).map(sharedHeader)),
      ...authHeaders(settings.auth),
    },
    expand: isBare ? expandUrl : expandAll(expandUrl, method, perCustomer, body?.template),
  };
}

interface HeaderTemplate {
  /** In lower case. */
  name: string;
  template: ValueTemplate;
}

function expandAll(
  expandUrl: Expand,
  method: string,
  headers: readonly HeaderTemplate[],
  body: ValueTemplate | undefined,
): Expand {
  return (values) => {
    const expanded = expandUrl(values);
    if ('problem' in expanded) return expanded;
    const request: HttpRequest = { ...expanded.request, method };
    if (headers.length > 0) {
      const filled = fillHeaders(headers, values);
      if ('problem' in filled) return filled;
      request.headers = filled.headers;
    }
    if (body === undefined) return { request };
    const filled = body.fill(values);
    return 'problem' in filled ? filled : { request: { ...request, body: filled.text } };
  };
}

function fillHeaders(
  headers: readonly HeaderTemplate[],
  values: readonly string[],
): { headers: Record<string, string> } | { problem: string } {
  const filled: Record<string, string> = {};
  for (const { name, template } of headers) {
    const value = template.fill(values);
    if ('problem' in value) return value;
    filled[name] = value.text;
  }
  return { headers: filled };
}

const compileHeaders = (headers: RequestSettings['headers'], placeholders: Placeholders): HeaderTemplate[] =>
  Object.entries(headers).map(([name, text]) => ({
    name: name.toLowerCase(),
    template: new ValueTemplate(placeholders).addText(text, forHeader(name)),
  }));

function sharedHeader({ name, template }: HeaderTemplate): [string, string] {
  const filled = template.fill([]);
  return [name, 'text' in filled ? filled.text : ''];
}

/** Basic: RFC 7617, in UTF-8; Bearer: RFC 6750. */
function authHeaders(auth: RequestSettings['auth']): Record<string, string> {
  switch (auth?.type) {
    case undefined:
      return {};
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` };
    case 'api_key':
      return auth.in === 'header' ? { [auth.name.toLowerCase()]: auth.value } : {};
    default:
      return auth satisfies never;
  }
}

/** The query's members as a part of the URL template, each placeholder on in its place. */
function withQuery({ url, query, auth }: RequestSettings): string {
  const pairs = Object.entries(query).map(([name, value]) => `${percentEncode(name)}=${valueInUrl(String(value))}`);
  if (auth?.type === 'api_key' && auth.in === 'query') {
    pairs.push(`${percentEncode(auth.name)}=${percentEncode(auth.value)}`);
  }
  if (pairs.length === 0) return url;
  const joint = !url.includes('?') ? '?' : /[?&]$/.test(url) ? '' : '&';
  return `${url}${joint}${pairs.join('&')}`;
}

function valueInUrl(value: string): string {
  const { literals, names } = parsePlaceholders(value);
  return literals.map((literal, at) => percentEncode(literal) + (at < names.length ? `{${names[at]}}` : '')).join('');
}
