import { BlockList, isIP, isIPv6 } from 'node:net';

/** The proxy that the environment names for a URL, and by which variable; undefined where requests go straight. */
export interface ProxyChoice {
  variable: string;
  proxy: string;
}

/**
 * Which proxy requests to `url` go by: `HTTP_PROXY` or `HTTPS_PROXY` by the scheme, unless `NO_PROXY` names the host;
 * each in lower case first, as curl has it. Nothing goes by a proxy to this machine itself.
 */
export function proxyFor(url: string, env: NodeJS.ProcessEnv): ProxyChoice | undefined {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const found = firstSet(env, protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : plainVariables(env));
  if (found === undefined || isLoopback(host)) return undefined;
  const exceptions = firstSet(env, ['no_proxy', 'NO_PROXY'])?.proxy ?? '';
  const usedPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const isExcepted = exceptions
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry.toLowerCase(), host, usedPort));
  return isExcepted ? undefined : found;
}

/** In a CGI program `HTTP_PROXY` is a header `Proxy:` of whoever asks (httpoxy, CVE-2016-5385). */
const plainVariables = (env: NodeJS.ProcessEnv): string[] =>
  env.REQUEST_METHOD === undefined ? ['http_proxy', 'HTTP_PROXY'] : ['http_proxy'];

/** An empty variable is as good as none, and hides the one in upper case. */
function firstSet(env: NodeJS.ProcessEnv, variables: readonly string[]): ProxyChoice | undefined {
  const variable = variables.find((name) => env[name] !== undefined);
  const proxy = variable === undefined ? '' : (env[variable] ?? '').trim();
  return variable === undefined || proxy === '' ? undefined : { variable, proxy };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const isLoopback = (host: string): boolean => host === 'localhost' || isIn(LOOPBACK, host);

/**
 * An entry is `*`, or a host with all below it (`example.org`, `.example.org`, `*.example.org`), an address however it is
 * written, or a network (`10.0.0.0/8`), each with a port or without.
 */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const { name, onPort } = withPort(entry);
  if (onPort !== undefined && onPort !== port) return false;
  if (isIP(host) !== 0) return isInNetwork(name, host);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function withPort(entry: string): { name: string; onPort?: string | undefined } {
  if (isIPv6(entry)) return { name: entry };
  const [, name = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return { name: name.replace(/^\[(.*)\]$/, '$1'), onPort };
}

function isInNetwork(entry: string, host: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  const allBits = family === 4 ? 32 : 128;
  if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= allBits))) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(bits ?? allBits), family === 4 ? 'ipv4' : 'ipv6');
  return isIn(network, host);
}

const isIn = (list: BlockList, host: string): boolean =>
  isIP(host) !== 0 && list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');

/** The user name or the password of a URL; the text as it stands where it is not percent-encoded after all. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // `%zz`: what it was meant for, nobody knows.
  }
}
