import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from '../errors.ts';
import { newAuthority } from '../testing/certificates.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { loadSettings } from './load.ts';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

const load = (flags: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) =>
  loadSettings({ flags: { source_file: 'list', url: 'https://server.test/{0}', ...flags }, env, cwd: folder });

const problemsOf = async (flags: Record<string, unknown>, env?: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const error: unknown = await load(flags, env).catch((reason: unknown) => reason);
  return error instanceof SettingsError ? error.problems : expect.unreachable('there is nothing wrong');
};

describe('the settings for TLS', () => {
  it('take authority, certificate and key from their files, and the passphrase for a secret', async () => {
    const authority = newAuthority();
    const client = authority.issue('client.test', { passphrase: 'open sesame' });
    const flags = {
      tls_ca_file: authority.certFile,
      tls_certificate_file: client.certFile,
      tls_key_file: client.keyFile,
      tls_key_passphrase: 'open sesame',
    };
    const { connection, secrets, warnings } = await load(flags);
    const { cert: certificate, key } = client;
    expect(connection.tls).toEqual({
      ca: authority.cert,
      certificate,
      key,
      passphrase: 'open sesame',
      isVerified: true,
    });
    expect({ secrets, warnings }).toEqual({ secrets: ['open sesame'], warnings: [] });
    for (const tls_key_passphrase of ['none', 'hunter2']) {
      const [problem] = await problemsOf({ ...flags, tls_key_passphrase });
      expect(problem).toMatch(/^tls_key_file: expected a private key (?:without|that tls_key)/);
      expect(problem).not.toContain('hunter2');
    }
    expect(await problemsOf({ ...flags, tls_key_file: authority.keyFile })).toEqual([
      expect.stringMatching(/^tls_key_file: expected the key of tls_certificate_file/),
    ]);
    expect(await problemsOf({ tls_key_file: authority.keyFile })).toEqual([
      'tls_certificate_file: expected, since there is a tls_key_file',
    ]);
  });

  it('name a file that is missing, has nothing of the kind in it, or is damaged', async () => {
    writeFileSync(join(folder, 'junk'), 'hunter2');
    writeFileSync(join(folder, 'bad'), '-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n');
    const flags = { tls_certificate_file: 'junk', tls_key_file: 'junk' };
    expect(await problemsOf({ ...flags, tls_ca_file: 'absent' })).toEqual([
      `tls_ca_file: expected a file with certificates in PEM, got "${folder}/absent" (flag --tls-ca-file): there is no such file`,
      `tls_certificate_file: expected a file with certificates in PEM, got "${folder}/junk" (flag --tls-certificate-file): there is none in it`,
      `tls_key_file: expected a file with a private key in PEM, got "${folder}/junk" (flag --tls-key-file): there is none in it`,
    ]);
    expect(await problemsOf({ tls_ca_file: 'bad' })).toEqual([expect.stringMatching(/: one in it is damaged$/)]);
  });

  it('N15: refuse NODE_TLS_REJECT_UNAUTHORIZED=0, unless they skip verification by name, which is warned of', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(await problemsOf({}, env)).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: expected not/)]);
    const { connection, warnings } = await load({ tls_insecure_skip_verification: true }, env);
    expect(connection.tls.isVerified).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('certificates are not verified')]);
    expect((await load({}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).connection.tls.isVerified).toBe(true);
  });
});

describe('http_version', () => {
  it('is 1 unless the settings say 2, which is for https alone', async () => {
    expect((await load({})).connection.httpVersion).toBe(1);
    expect((await load({ http_version: '2' })).connection.httpVersion).toBe(2);
    expect(await problemsOf({ http_version: '2', url: 'http://server.test/{0}' })).toEqual([
      'http_version: expected 1, since HTTP/2 is agreed on in TLS and the url is not https, got 2 (flag --http-version)',
    ]);
    expect(await problemsOf({ http_version: '3' })).toEqual([
      'http_version: expected a whole number from 1 to 2, got 3 (flag --http-version)',
    ]);
  });
});

describe('http_client', () => {
  it('is got unless the settings say undici, which does not speak HTTP/2 here', async () => {
    expect((await load({})).connection.httpClient).toBe('got');
    expect((await load({ http_client: 'undici' })).connection.httpClient).toBe('undici');
    expect(await problemsOf({ http_client: 'undici', http_version: '2' })).toEqual([
      'http_client: expected got, which is what speaks HTTP/2 here (http_version), got "undici" (flag --http-client)',
    ]);
  });
});

describe('a proxy of the environment', () => {
  it('is taken for the server that is asked, its credentials for secrets', async () => {
    const { connection, secrets } = await load({}, { https_proxy: 'me:open%20sesame@proxy.test:3128' });
    expect(connection.proxies).toEqual({ 'https://server.test': 'http://me:open%20sesame@proxy.test:3128/' });
    expect(secrets).toEqual(['open%20sesame', 'open sesame']);
    expect((await load({}, { HTTP_PROXY: 'http://proxy.test' })).connection.proxies).toEqual({});
  });

  it.each(['socks5://me:hunter2@proxy.test', 'http://me:hunter2@', 'http://me:hunter2@proxy.test:99999'])(
    'is refused where it is no URL of a proxy, without its password: %s',
    async (proxy) => {
      const [problem, ...others] = await problemsOf({}, { HTTPS_PROXY: proxy });
      expect(problem).toMatch(
        /^HTTPS_PROXY: expected the URL of a proxy that begins with http:\/\/ or https:\/\/, got /,
      );
      expect(problem).not.toContain('hunter2');
      expect(others).toEqual([]);
    },
  );
});
