import { X509Certificate } from 'node:crypto';
import type { TlsSettings } from '../channel/protocol.ts';
import type { Given } from './gather.ts';
import { describeOrigin } from './origin.ts';
import { readLimited } from './read-limited.ts';
import type { SettingName } from './schema.ts';
import { showValue } from './show-value.ts';

/** The TLS settings with what the files hold; a problem is a line that holds nothing of them. */
export interface ReadTls {
  tls: TlsSettings;
  secrets: string[];
  problems: string[];
}

type FileSetting = 'tls_ca_file' | 'tls_certificate_file' | 'tls_key_file';

/** Reads the files that the TLS settings name, and sees whether they belong together. */
export function readTls(valid: ReadonlyMap<SettingName, Given>, paths: ReadonlyMap<SettingName, string>): ReadTls {
  const problems: string[] = [];
  const read = (name: FileSetting): string | undefined => {
    const path = paths.get(name);
    const given = valid.get(name);
    if (path === undefined || given === undefined) return undefined;
    const content = readPem(path, name);
    if ('text' in content) return content.text;
    const got = `${showValue(path)} (${describeOrigin(given.origin)})`;
    problems.push(`${name}: expected a file with ${WHAT_IN[name]} in PEM, got ${got}: ${content.problem}`);
    return undefined;
  };
  const passphrase = valid.get('tls_key_passphrase')?.value;
  const found: TlsSettings = {
    ca: read('tls_ca_file'),
    certificate: read('tls_certificate_file'),
    key: read('tls_key_file'),
    passphrase: typeof passphrase === 'string' ? passphrase : undefined,
    isVerified: valid.get('tls_insecure_skip_verification')?.value !== true,
  };
  if (problems.length === 0) problems.push(...misfits(found));
  const secrets = typeof passphrase === 'string' ? [passphrase] : [];
  return { tls: found, secrets, problems };
}

const WHAT_IN: Readonly<Record<FileSetting, string>> = {
  tls_ca_file: 'certificates',
  tls_certificate_file: 'certificates',
  tls_key_file: 'a private key',
};

/** All that a system trusts is a quarter of a megabyte. */
const MAX_PEM_FILE_BYTES = 4 * 1024 * 1024;

/** OpenSSL would pass over a CA file without a certificate in it, and then trust nobody of it. */
function readPem(path: string, name: FileSetting): { text: string } | { problem: string } {
  const content = readLimited(path, MAX_PEM_FILE_BYTES);
  if ('problem' in content) return content;
  const text = content.bytes.toString('latin1');
  if (name === 'tls_key_file') return text.includes('PRIVATE KEY-----') ? { text } : { problem: 'there is none in it' };
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return { problem: 'there is none in it' };
  return certificates.every(isCertificate) ? { text } : { problem: 'one in it is damaged' };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** A certificate needs its key, and the key its passphrase. */
function misfits({ certificate, key, passphrase }: TlsSettings): string[] {
  if ((certificate === undefined) !== (key === undefined)) {
    const [missing, there] = certificate === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    return [`tls_${missing}_file: expected, since there is a tls_${there}_file`];
  }
  if (certificate === undefined || key === undefined) return [];
  try {
    // Loaded where it is needed only: 9 MB, and a fifth of the time that a run takes to begin.
    process.getBuiltinModule('node:tls').createSecureContext({ cert: certificate, key, passphrase });
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const what =
      passphrase === undefined ? 'without a passphrase, or with a tls_key_passphrase' : 'that tls_key_passphrase opens';
    if (/KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH/.test(code))
      return [`tls_key_file: expected the key of tls_certificate_file (${code})`];
    return [`tls_key_file: expected a private key ${what} (${code})`];
  }
}
