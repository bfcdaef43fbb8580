import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A certificate and its key, in files and as text (PEM). */
export interface Certificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
}

/** An authority of the test's own; made anew each time, so that no key is in the repository. */
export interface Authority extends Certificate {
  /** A certificate that it vouches for, for a server of this name or a client. */
  issue(name: string, options?: IssueOptions): Certificate;
}

export interface IssueOptions {
  /** Encrypts the key. */
  passphrase?: string;
  /** Whether it is for this machine, too; true where it is left out. */
  isForHere?: boolean;
  isExpired?: boolean;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const openssl = (args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });

/** Makes a new authority; self-signed, so that it is also a server's certificate that nobody vouches for. */
export function newAuthority(): Authority {
  const folder = temporaryFolder();
  const made = (name: string): Certificate => {
    const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  };
  const [ca, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')];
  openssl(['req', '-x509', ...NEW_KEY, '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', caKey, '-out', ca]);
  return {
    ...made('ca'),
    issue: (name, { passphrase, isForHere = true, isExpired = false } = {}) => {
      const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
      const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
      const encryption = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
      writeFileSync(extensions, `subjectAltName=DNS:${name}${isForHere ? ',IP:127.0.0.1' : ''}\n`);
      openssl(['req', '-new', ...NEW_KEY, ...encryption, '-subj', `/CN=${name}`, '-keyout', key, '-out', request]);
      const by = [
        '-CA',
        ca,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-days',
        isExpired ? '-1' : '2',
        '-extfile',
        extensions,
      ];
      openssl(['x509', '-req', '-in', request, ...by, '-out', cert]);
      return made(name);
    },
  };
}
