import http, { type ClientRequest } from 'node:http';
import https, { type RequestOptions } from 'node:https';

/** Tells got that somebody takes a request's times already: it would hang eight listeners on each, for times nobody looks at. */
const NO_TIMES = { timings: { phases: {} } };

/**
 * Node's own request, for got to call. got hands over some forty options, nearly all of them undefined, which Node copies
 * three times for each request; what concerns connections (TLS, look-ups) our agents know. A fifth to a quarter of what a
 * request took.
 */
export function leanRequest(url: URL, { agent, method, headers }: RequestOptions): ClientRequest {
  const { protocol, hostname, port, pathname, search } = url;
  const request = (protocol === 'https:' ? https : http).request({
    protocol,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port,
    path: pathname + search,
    agent,
    method,
    headers,
  });
  return Object.assign(request, NO_TIMES);
}
