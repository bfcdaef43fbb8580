import type { ConnectionSettings, TlsSettings } from '../channel/protocol.ts';
import type { Given } from './gather.ts';
import { percentDecoded, proxyFor } from './proxy-choice.ts';
import type { SettingName } from './schema.ts';
import { maskUserInfo, showValue } from './show-value.ts';
import { readTls } from './tls-files.ts';

/** What is known of the connections before all settings are: `problems` is a line each, without secrets. */
export interface FoundConnection {
  tls: TlsSettings;
  /** By the origin of a server. */
  proxies: ConnectionSettings['proxies'];
  secrets: string[];
  problems: string[];
  /** What a person is told at each start. */
  warnings: string[];
}

export const INSECURE_WARNING =
  'certificates are not verified (tls_insecure_skip_verification): whoever is on the way can read and change everything';

/** Reads the files that the TLS settings name, and finds the proxies that the environment names. `paths` are absolute. */
export function findConnection(
  valid: ReadonlyMap<SettingName, Given>,
  paths: ReadonlyMap<SettingName, string>,
  env: NodeJS.ProcessEnv,
): FoundConnection {
  const { tls, secrets, problems } = readTls(valid, paths);
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0' && tls.isVerified) problems.push(UNVERIFIED_BY_ENVIRONMENT);
  const found: FoundConnection = {
    tls,
    proxies: {},
    secrets,
    problems,
    warnings: tls.isVerified ? [] : [INSECURE_WARNING],
  };
  for (const url of serversIn(valid)) addProxy(found, url, env);
  return found;
}

const UNVERIFIED_BY_ENVIRONMENT =
  'NODE_TLS_REJECT_UNAUTHORIZED: expected not to be 0, which would let everybody pass for the server: unset it, or set ' +
  'tls_insecure_skip_verification (environment)';

/** The servers that are asked, each a URL; placeholders are never in a host. */
function serversIn(valid: ReadonlyMap<SettingName, Given>): string[] {
  const urls = [valid.get('url')?.value, valid.get('ping_url')?.value, tokenUrlIn(valid.get('auth')?.value)];
  return urls.filter((url): url is string => typeof url === 'string' && URL.canParse(url));
}

const tokenUrlIn = (auth: unknown): unknown =>
  typeof auth === 'object' && auth !== null && 'token_url' in auth ? auth.token_url : undefined;

function addProxy(found: FoundConnection, url: string, env: NodeJS.ProcessEnv): void {
  const choice = proxyFor(url, env);
  if (choice === undefined) return;
  const { variable, proxy } = choice;
  // Without a scheme it is a host, as curl has it.
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    const got = `${showValue(maskUserInfo(proxy))} (environment)`;
    found.problems.push(`${variable}: expected the URL of a proxy that begins with http:// or https://, got ${got}`);
    return;
  }
  found.proxies[new URL(url).origin] = parsed.href;
  const { username, password } = parsed;
  found.secrets.push(...[username, password].flatMap((text) => (text === '' ? [] : [text, percentDecoded(text)])));
}
