import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerTextOf } from '../../fixtures/details.ts';
import { customerAt, writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { linesOf, runAggregate } from '../testing/aggregate-process.ts';
import { newAuthority } from '../testing/certificates.ts';
import { proxyServer } from '../testing/proxy-server.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const SECRETS = ['planted-api-key-77', 'planted proxy password', 'planted-passphrase'];

/** An endpoint that wants TLS, a client certificate, a key in a header, and the customer in the body of a POST. */
async function secureEndpoint() {
  const authority = newAuthority();
  const client = authority.issue('client.test', { passphrase: 'planted-passphrase' });
  const wanted = { ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...authority.issue('server.test'), ...wanted }, async (request, response) => {
    const body: unknown = await json(request);
    const customer = typeof body === 'object' && body !== null && 'customer' in body ? String(body.customer) : '';
    const isGood = request.method === 'POST' && request.headers['x-api-key'] === 'planted-api-key-77';
    response.writeHead(isGood ? 200 : 403, { 'content-type': 'application/json' }).end(answerTextOf(customer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { authority, client, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

describe('a run on a real-world endpoint', () => {
  it('S9: goes by a proxy, with an own CA, a client certificate, a key from a file and a body, and tells no secret', async () => {
    const { authority, client, port } = await secureEndpoint();
    const proxy = await proxyServer({ targetPort: port });
    const folder = temporaryFolder();
    await writeList(join(folder, 'list.csv'), 30);
    writeFileSync(join(folder, 'api-key'), 'planted-api-key-77\n');
    const settings = {
      source_file: 'list.csv',
      url: 'https://server.test/customers',
      body: { json: { customer: '{0}' } },
      auth: { type: 'api_key', in: 'header', name: 'X-Api-Key', value: '${file:api-key}' },
      tls_ca_file: authority.certFile,
      tls_certificate_file: client.certFile,
      tls_key_file: client.keyFile,
      tls_key_passphrase: '${PASSPHRASE}',
      process_count: 2,
    };
    writeFileSync(join(folder, 'aggregate.config.json'), JSON.stringify(settings));
    const password = encodeURIComponent('planted proxy password');
    const env = {
      PASSPHRASE: 'planted-passphrase',
      https_proxy: proxy.origin.replace('//', `//someone:${password}@`),
    };
    const config = ['--config', join(folder, 'aggregate.config.json')];
    const check = await runAggregate(['check', ...config], { env });
    expect(check.stdout).toContain('Request: POST https://server.test/customers\n');
    expect(check.stdout).toContain(`\n  {"customer":"${customerAt(0)}"}\n`);
    const { exitCode, stdout, stderr } = await runAggregate(['run', ...config], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const expected = Array.from({ length: 30 }, (_, at) => expectedLinesOf(customerAt(at))).flat();
    expect(linesOf(folder, 'results').sort()).toEqual(expected.sort());
    expect(new Set(proxy.requests)).toEqual(new Set(['CONNECT server.test:443']));
    const files = readdirSync(folder).filter((name) => /-20\d{6}-/.test(name));
    const texts = [
      ...files.map((name) => readFileSync(join(folder, name), 'utf8')),
      stdout,
      check.stdout,
      check.stderr,
    ];
    for (const secret of SECRETS) {
      const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
      for (const form of forms) expect(texts.join('\n')).not.toContain(form);
    }
  });

  it('N15: is refused where the environment switches verification off, and warned of where the settings do', async () => {
    const folder = temporaryFolder();
    await writeList(join(folder, 'list.csv'), 1);
    const args = [
      '--source-file',
      join(folder, 'list.csv'),
      '--url',
      'https://127.0.0.1:9/{0}',
      '--output-directory',
      folder,
    ];
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const refused = await runAggregate(['run', ...args], { env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^(?:\(node.*\n.*\n)?aggregate: NODE_TLS_REJECT_UNAUTHORIZED: expected not to be 0/);
    expect(readdirSync(folder)).toEqual(['list.csv']);
    const warned = await runAggregate(['run', ...args, '--tls-insecure-skip-verification', '--max-attempts', '1'], {
      env,
    });
    expect(warned.stderr).toContain('aggregate: certificates are not verified (tls_insecure_skip_verification)');
    expect(warned.exitCode).not.toBe(2);
  });
});
