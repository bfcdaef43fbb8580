import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { startTokenServer } from '../../fixtures/token-server.ts';
import { runAggregate } from '../testing/aggregate-process.ts';

/** What came of a run whose tokens end while it works. */
export interface SignInRun {
  exitCode: number | null;
  stderr: string;
  customers: number;
  seconds: number;
  /** Requests that came with no valid token: each was asked once more, with the next one. */
  refused: number;
  tokenRequests: number;
  /** The most requests for tokens that came within the life of one token. */
  mostInALife: number;
  /** Files, streams and arguments in which a token or the client's secret was found; the results are not searched. */
  leaks: string[];
}

const LATENCY_MS = 20;
const IN_FLIGHT = 16;
const CLIENT_SECRET = 'planted-client-secret-51f0';

/** Two children work through a list for some `seconds`, with tokens that live for `lifeMs`. */
export async function signInRun(folder: string, seconds: number, lifeMs: number): Promise<SignInRun> {
  const customers = Math.round((seconds * 1000 * IN_FLIGHT) / LATENCY_MS);
  const output = join(folder, 'out');
  mkdirSync(output, { recursive: true });
  const list = join(folder, 'list.csv');
  await writeList(list, customers);
  const tokens = await startTokenServer({ lifeMs });
  let refused = 0;
  const isAllowed = ({ authorization }: { authorization?: string | undefined }): boolean => {
    const isValid = tokens.accepts(authorization);
    if (!isValid) refused += 1;
    return isValid;
  };
  const endpoint = await startEndpoint({ latencyMs: LATENCY_MS, isAllowed });
  const auth = {
    type: 'oauth2_client_credentials',
    token_url: tokens.url,
    client_id: 'me',
    client_secret: CLIENT_SECRET,
  };
  const begunAtMs = performance.now();
  const { exitCode, stdout, stderr } = await runAggregate(
    [
      ...['run', '--source-file', list, '--url', endpoint.template, '--output-directory', output],
      ...['--process-count', '2', '--requests-per-process', '8', '--log-level', 'debug', '--max-attempts', '1'],
    ],
    { env: { AGGREGATE_AUTH: JSON.stringify(auth) } },
  );
  const took = (performance.now() - begunAtMs) / 1000;
  await endpoint.close();
  tokens.close();
  const secrets = [...tokens.tokens, CLIENT_SECRET].flatMap((text) => [text, Buffer.from(text).toString('base64')]);
  const texts = [...filesIn(output), ['standard output', stdout], ['standard error', stderr]] satisfies [
    string,
    string,
  ][];
  const leaks = texts.filter(([, text]) => secrets.some((secret) => text.includes(secret))).map(([name]) => name);
  const times = tokens.requests.map(({ timeMs }) => timeMs);
  const mostInALife = Math.max(...times.map((at) => times.filter((other) => other > at && other < at + lifeMs).length));
  return { exitCode, stderr, customers, seconds: took, refused, tokenRequests: times.length, mostInALife, leaks };
}

const filesIn = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

/** The same for `npm run torture`: tells what came of it; gives how many failed, 0 or 1. */
export async function runSignIn(seconds: number, folder: string, say: (line: string) => void): Promise<number> {
  const own = join(folder, 'sign-in');
  const run = await signInRun(own, seconds, 2000);
  const violations = [
    ...(run.exitCode === 0 ? [] : [`the run ended with ${run.exitCode}: ${run.stderr}`]),
    ...(run.mostInALife <= 1 ? [] : [`${run.mostInALife} requests for tokens in the life of one`]),
    ...run.leaks.map((name) => `a secret stands in ${name}`),
  ];
  const { customers, seconds: took, tokenRequests, refused } = run;
  say(
    `sign-in: ${customers} customers in ${took.toFixed(0)} s with tokens of 2 s, 4 children: ${tokenRequests} requests for ` +
      `tokens, ${refused} requests that a token had run out for`,
  );
  for (const violation of violations) say(`  ${violation}`);
  if (violations.length === 0) rmSync(own, { recursive: true });
  return violations.length === 0 ? 0 : 1;
}
