import { expect, onTestFinished } from 'vitest';
import type { HttpClientName } from '../channel/protocol.ts';
import { type HttpClient, RequestError } from '../http/client.ts';
import type { ClientSettings } from '../http/client-settings.ts';
import { createGotClient } from '../http/got-client.ts';
import { createUndiciClient } from '../http/undici-client.ts';

/** Makes a client with limits that no test reaches by chance, closed when the test is over. */
type MakeClient = (settings?: Partial<ClientSettings>) => HttpClient;

const testClientOf =
  (create: (settings: ClientSettings) => HttpClient): MakeClient =>
  (settings = {}) => {
    const client = create({
      headers: {},
      timeoutMs: 20_000,
      connectTimeoutMs: 20_000,
      maxBodyBytes: 10_000,
      maxSockets: 4,
      tls: { isVerified: true },
      ...settings,
    });
    onTestFinished(() => client.close());
    return client;
  };

export const testClient = testClientOf(createGotClient);

/** For tests of what users see, which is the same whatever makes the requests. */
export const CLIENTS: readonly { name: HttpClientName; testClient: MakeClient }[] = [
  { name: 'got', testClient },
  { name: 'undici', testClient: testClientOf(createUndiciClient) },
];

/** The error of a request that must fail. */
export const failureOf = (request: Promise<unknown>): Promise<RequestError> =>
  request.then(
    () => expect.unreachable('there was an answer'),
    (error: unknown) => (error instanceof RequestError ? error : expect.unreachable(String(error))),
  );

/** A body as text. */
export const textOf = (answer: { body: Uint8Array }): string => Buffer.from(answer.body).toString();
