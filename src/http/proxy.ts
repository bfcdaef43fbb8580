import http from 'node:http';
import https from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { percentDecoded } from '../config/proxy-choice.ts';
import { RequestError } from './client.ts';
import { describeError } from './describe-error.ts';
import { codeOf } from './error-code.ts';
import type { TlsOptions } from './tls.ts';

/** A proxy, taken apart once. */
export interface HttpProxy {
  isSecure: boolean;
  host: string;
  port: number;
  /** `Proxy-Authorization`, where the URL has a user name or a password. */
  authorization: string | undefined;
}

/** The proxy of a URL that was checked when the settings were loaded. */
export function parseProxy(proxyUrl: string): HttpProxy {
  const { protocol, hostname, port, username, password } = new URL(proxyUrl);
  const isSecure = protocol === 'https:';
  const credential = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return {
    isSecure,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    authorization: credential === ':' ? undefined : `Basic ${Buffer.from(credential).toString('base64')}`,
  };
}

/** Makes a request for an `http:` URL, as got calls it, to the proxy instead: with the whole URL (RFC 9112, section 3.2.2). */
export const requestByProxy = (proxy: HttpProxy, agent: http.Agent) => (url: URL, options: https.RequestOptions) => {
  const headers: http.OutgoingHttpHeaders = { ...asObject(options.headers), host: url.host };
  if (proxy.authorization !== undefined) headers['proxy-authorization'] = proxy.authorization;
  const { host, port } = proxy;
  // Else the name that the proxy's certificate has to have would be taken from the header.
  const servername = isIP(host) === 0 ? host : '';
  const toProxy = {
    ...options,
    agent,
    headers,
    protocol: schemeOf(proxy),
    hostname: host,
    host,
    port,
    servername,
    path: url.href,
  };
  return proxy.isSecure ? https.request(toProxy) : http.request(toProxy);
};

export interface TunnelTarget {
  host: string;
  port: number;
}

/**
 * A connection to a server through the proxy (CONNECT, RFC 9110, section 9.3.6), not yet secured. Rejects with a
 * `RequestError`; aborting the signal ends what is under way.
 */
export function openTunnel(
  proxy: HttpProxy,
  target: TunnelTarget,
  tls: TlsOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const authority = `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const request = (proxy.isSecure ? https : http).request({
    ...(proxy.isSecure && tls),
    host: proxy.host,
    port: proxy.port,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) },
    agent: false,
    signal,
  });
  request.once('connect', ({ statusCode = 0 }, socket, head) => {
    if (statusCode >= 200 && statusCode <= 299) {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
      return;
    }
    socket.destroy();
    reject(refusal(statusCode));
  });
  request.once('error', (error) => reject(describeError(codeOf(error), { isProxys: true })));
  request.end();
  return promise;
}

/** Why a proxy makes no connection; its words are left out, since they may quote what was sent. */
function refusal(status: number): RequestError {
  if (status === 407) {
    return new RequestError('network', 'PROXY_407', 'the proxy asks for other credentials', { isRetryable: false });
  }
  const words = `the proxy makes no connection: HTTP ${status}`;
  return new RequestError('network', 'PROXY_CONNECT', words, { isRetryable: status >= 500 });
}

const schemeOf = ({ isSecure }: HttpProxy): string => (isSecure ? 'https:' : 'http:');

/** got gives an object. */
const asObject = (headers: https.RequestOptions['headers']): http.OutgoingHttpHeaders =>
  headers === undefined || Array.isArray(headers) ? {} : Object.fromEntries(Object.entries(headers));
