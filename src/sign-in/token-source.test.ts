import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTokenServer, type TokenServerOptions } from '../../fixtures/token-server.ts';
import { machineMs } from '../channel/machine-clock.ts';
import { HTTP_CLIENTS, type HttpClientName, type TokenMessage } from '../channel/protocol.ts';
import type { ClientCredentials } from '../config/auth-kind.ts';
import { StopError } from '../errors.ts';
import { createTokenSource } from './token-source.ts';

const NEVER = new AbortController().signal;

const scenes =
  (httpClient: HttpClientName) =>
  async (options: TokenServerOptions, changes: Partial<ClientCredentials> = {}, patienceMs = 600_000) => {
    const server = await startTokenServer(options);
    const auth: ClientCredentials = {
      type: 'oauth2_client_credentials',
      token_url: server.url,
      client_id: 'me',
      client_secret: 'open sesame',
      ...changes,
    };
    const connection = {
      timeoutMs: 20_000,
      connectTimeoutMs: 20_000,
      tls: { isVerified: true },
      proxies: {},
      httpClient,
    };
    const seen = {
      told: [] as TokenMessage[],
      secrets: [] as string[],
      notes: [] as string[],
      givenUp: [] as StopError[],
    };
    const source = createTokenSource(
      { auth, connection, patienceMs },
      {
        learnSecret: (secret) => seen.secrets.push(secret),
        note: (level, message) => seen.notes.push(`${level}: ${message}`),
        onToken: (message) => seen.told.push(message),
        onGivenUp: (error) => seen.givenUp.push(error),
      },
    );
    onTestFinished(() => {
      source.close();
      server.close();
    });
    return { server, source, seen };
  };

describe.each(HTTP_CLIENTS)('%s: a source of tokens', (httpClient) => {
  const scene = scenes(httpClient);

  it('asks as RFC 6749 says, the client in the header', async () => {
    const { server, source, seen } = await scene(
      { lifeMs: 3_600_000 },
      { client_id: 'me:you', scopes: ['a', 'b c'], parameters: { audience: 'https://api.test/' } },
    );
    await source.begin(NEVER);
    const [request] = server.requests;
    expect(Object.fromEntries(request?.fields ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b c',
      audience: 'https://api.test/',
    });
    const encoded = Buffer.from('me%3Ayou:open+sesame').toString('base64');
    expect(request?.headers.authorization).toBe(`Basic ${encoded}`);
    expect(seen.told).toEqual([
      { type: 'token', serial: 1, token: server.tokens[0], expiresAtMs: expect.closeTo(machineMs() + 3_600_000, -4) },
    ]);
    expect(seen.secrets).toEqual(server.tokens);
    expect(seen.notes.join()).not.toContain(server.tokens[0]);
  });

  it('names the client in the body where the settings say so', async () => {
    const { server, source } = await scene({ lifeMs: 1000, expiresIn: null }, { client_authentication: 'body' });
    await source.begin(NEVER);
    const [request] = server.requests;
    expect(Object.fromEntries(request?.fields ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'me',
      client_secret: 'open sesame',
    });
    expect(request?.headers.authorization).toBeUndefined();
    expect(source.current).not.toHaveProperty('expiresAtMs');
  });

  it('ends at the start with what the token endpoint says, at once where it is final', async () => {
    const { server, source } = await scene({ lifeMs: 1000 });
    server.instead = (response) => response.writeHead(401).end('{"error":"invalid_client"}');
    const error: unknown = await source.begin(NEVER).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StopError);
    expect(error).toMatchObject({ message: `no token from ${server.url}: HTTP 401 Unauthorized: invalid_client` });
    expect(server.requests).toHaveLength(1);
  });

  it('shows its secret to no other host, wherever it is sent', async () => {
    const [decoy, { server, source }] = [await startTokenServer({ lifeMs: 1000 }), await scene({ lifeMs: 1000 })];
    onTestFinished(() => decoy.close());
    server.instead = (response) => response.writeHead(307, { location: decoy.url }).end();
    await expect(source.begin(NEVER)).rejects.toThrow(/redirected to another origin/);
    expect(decoy.requests).toEqual([]);
  });

  it('tries a failure of the moment again, at the start too', async () => {
    const { server, source } = await scene({ lifeMs: 3_600_000 });
    server.instead = (response) => {
      server.instead = undefined;
      response.writeHead(503).end();
    };
    await source.begin(NEVER);
    expect(server.requests).toHaveLength(2);
  });

  it('renews before the end of a life, and is asked once in each', async () => {
    const { server, source, seen } = await scene({ lifeMs: 300 });
    const begunMs = performance.now();
    await source.begin(NEVER);
    await expect.poll(() => seen.told.length).toBeGreaterThanOrEqual(4);
    expect(seen.told.map(({ serial }) => serial).slice(0, 4)).toEqual([1, 2, 3, 4]);
    // Three lives, less the last moments of each; a busy machine can only make them longer.
    expect(server.requests[3]?.timeMs).toBeGreaterThan(begunMs + 3 * 0.9 * 300);
  });

  it('renews a token that was refused, once for all who complain, and not again at once', async () => {
    const { server, source, seen } = await scene({ lifeMs: 3_600_000 });
    await source.begin(NEVER);
    expect([source.refused(1), source.refused(1)]).toEqual([undefined, undefined]);
    await expect.poll(() => seen.told.length).toBe(2);
    expect(server.requests).toHaveLength(2);
    expect(source.refused(1)).toMatchObject({ serial: 2 }); // A stale complaint renews nothing.
    expect(source.refused(2)).toMatchObject({ serial: 2 }); // Nor does one a moment after the last.
    expect(server.requests).toHaveLength(2);
  });

  it('asks again with growing pauses while the token endpoint fails, and says so', async () => {
    const { server, source, seen } = await scene({ lifeMs: 3_600_000 });
    await source.begin(NEVER);
    server.instead = (response) => {
      if (server.requests.length > 2) server.instead = undefined;
      response.writeHead(500).end('secret words');
    };
    source.refused(1);
    await expect.poll(() => seen.told.length).toBe(2);
    expect(server.requests).toHaveLength(4);
    expect(seen.notes.filter((note) => note.startsWith('warn'))).toEqual(
      Array(2).fill(
        `warn: no new token from ${server.url}: HTTP 500 Internal Server Error: secret words; it is asked for again`,
      ),
    );
    expect(seen.givenUp).toEqual([]);
  });

  it('takes no token that has run out when it comes, and asks for no flood of them', async () => {
    const { server, source, seen } = await scene({ lifeMs: 1000, expiresIn: 0.000_001 });
    await expect(source.begin(NEVER)).rejects.toThrow(
      `no token from ${server.url}: a token that had run out when it came`,
    );
    expect(server.requests).toHaveLength(3);
    expect(seen.told).toEqual([]);
  });

  it('gives up where nothing came of it for longer than the patience', async () => {
    const { server, source, seen } = await scene({ lifeMs: 3_600_000 }, {}, 0);
    await source.begin(NEVER);
    server.instead = (response) => response.writeHead(500).end();
    source.refused(1);
    await expect
      .poll(() => seen.givenUp.map(({ message }) => message))
      .toEqual([`no new token from ${server.url}: HTTP 500 Internal Server Error`]);
  });

  it('asks for nothing more once it is closed', async () => {
    const { server, source } = await scene({ lifeMs: 100 });
    await source.begin(NEVER);
    source.close();
    const asked = server.requests.length;
    await sleep(200);
    expect(server.requests).toHaveLength(asked);
  });
});
