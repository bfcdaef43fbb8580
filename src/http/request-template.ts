import type { HttpRequest } from './client.ts';
import { compileUrl } from './url-template.ts';

/** What is requested for a customer, taken apart once. */
export interface RequestTemplate {
  /** Names of the placeholders other than `0` (the customer), each once, in order of first use. */
  placeholders: string[];
  /** The request for `[customer, one value per placeholder]`, or why none can be sent safely. */
  expand(values: readonly string[]): { request: HttpRequest } | { problem: string };
}

/** Compiles the settings that say what is sent. Throws `UsageError`. */
export function compileRequest({ url }: { url: string }): RequestTemplate {
  const { placeholders, expand } = compileUrl(url);
  return {
    placeholders,
    expand: (values) => {
      const expanded = expand(values);
      return 'url' in expanded ? { request: { url: expanded.url } } : expanded;
    },
  };
}
