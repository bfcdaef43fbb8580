import { describe, expect, it, onTestFinished } from 'vitest';
import { startTokenServer } from '../../fixtures/token-server.ts';
import { linesOf } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { signInRun } from '../torture/sign-in-run.ts';

const authFor = (url: string): string =>
  JSON.stringify({ type: 'oauth2_client_credentials', token_url: url, client_id: 'me', client_secret: 'open sesame' });

describe('a sign-in by OAuth 2 client credentials', () => {
  // The same for a minute: `npm run torture -- --rounds 0 --sign-in 60`.
  it('outlives its tokens: no customer fails, and the token endpoint is asked once in the life of each', async () => {
    const run = await signInRun(temporaryFolder(), 1, 300);
    expect(run).toMatchObject({ exitCode: 0, mostInALife: 1, leaks: [] });
    expect(run.tokenRequests).toBeGreaterThan(2);
  });

  it('ends the run with 3 before any customer where there is no token, with what the token endpoint said', async () => {
    const tokens = await startTokenServer({ lifeMs: 1000 });
    onTestFinished(() => tokens.close());
    tokens.instead = (response) => {
      response.writeHead(401).end('{"error":"invalid_client","error_description":"not open sesame"}');
    };
    const run = await runFolder(3);
    const { exitCode, stderr } = await run.aggregate(['run'], '--auth', authFor(tokens.url));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`no token from ${tokens.url}: HTTP 401 Unauthorized: invalid_client: not ***`);
    expect(stderr).toMatch(/aggregate resume/);
    expect(run.endpoint.requests).toBe(0);
    expect(linesOf(run.folder, 'log').join('\n')).not.toContain('sesame');
    tokens.instead = undefined;
    expect((await run.aggregate(['resume'], '--auth', authFor(tokens.url))).exitCode).toBe(0);
  });

  it('renews once, and ends the run early where the new token is refused too: nobody fails, and nobody is flooded', async () => {
    const tokens = await startTokenServer({ lifeMs: 3_600_000 });
    onTestFinished(() => tokens.close());
    const run = await runFolder(20, { isAllowed: () => false });
    const { exitCode, stderr } = await run.aggregate(['run'], '--auth', authFor(tokens.url));
    expect(exitCode).toBe(3);
    expect(stderr).toContain('HTTP 401 Unauthorized');
    expect(linesOf(run.folder, 'exceptions')).toEqual([]);
    expect(tokens.requests).toHaveLength(2);
  });

  it('is tried by check, which shows neither token nor secret', async () => {
    const tokens = await startTokenServer({ lifeMs: 3_600_000 });
    onTestFinished(() => tokens.close());
    const run = await runFolder(1, { isAllowed: ({ authorization }) => tokens.accepts(authorization) });
    const { exitCode, stdout } = await run.here(['check'], '--auth', authFor(tokens.url));
    expect(stdout).toContain(`Sign-in: a token from ${tokens.url}, for 3`);
    // What is left of its hour.
    expect(stdout).toMatch(/^Sign-in: .*, for 3[56]\d\d s$/m);
    expect(stdout).toContain('"client_secret":"***"');
    expect(stdout).not.toMatch(/sesame|secret-token/);
    expect(exitCode).toBe(0);
  });
});
