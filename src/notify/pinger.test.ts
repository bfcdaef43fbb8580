import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CLIENTS } from '../testing/http-client.ts';
import { rawAnswer, rawServer } from '../testing/raw-server.ts';
import { Pinger } from './pinger.ts';

const LIMITS = { usualMs: 20_000, stoppedMs: 20_000, pausesMs: [1, 1] };
const OK = rawAnswer('OK');

type Client = (typeof CLIENTS)[number];

/** A pinger and the server that it pings; `answer` gets each request, counted from 0. */
async function sceneBy({ testClient }: Client, answer: (socket: Socket, index: number) => void, limits: typeof LIMITS) {
  const warnings: string[] = [];
  const server = await rawServer(answer);
  const pinger = new Pinger(
    {
      url: `${server.origin}/secret-id`,
      connect: async () => testClient(),
      warn: (message) => warnings.push(message),
    },
    limits,
  );
  const heads = () => server.requests.map((request) => request.split(' HTTP', 1)[0]);
  return { pinger, warnings, server, heads };
}

describe.each(CLIENTS)('$name: Pinger', (client) => {
  const scene = (answer: (socket: Socket, index: number) => void, limits = LIMITS) => sceneBy(client, answer, limits);

  it('tells the begin, and then the end with a line of text', async () => {
    const { pinger, warnings, server, heads } = await scene((socket) => socket.write(OK));
    pinger.begun();
    await pinger.ended('success', 'complete, exit code 0', false);
    expect(heads()).toEqual(['POST /secret-id/start', 'POST /secret-id']);
    expect(server.requests[1]).toMatch(/\r\n\r\ncomplete, exit code 0$/);
    expect(warnings).toEqual([]);
  });

  it('tries again where the server fails, and not where it refuses', async () => {
    const answers = ['503 Busy', '200 OK', '404 Not Found'];
    const { pinger, warnings, heads } = await scene((socket, index) => {
      socket.write(rawAnswer('', { status: answers[index] ?? '' }));
    });
    pinger.begun();
    await pinger.ended('fail', '', false);
    expect(heads()).toEqual(['POST /secret-id/start', 'POST /secret-id/start', 'POST /secret-id/fail']);
    expect(warnings).toEqual(['the ping (fail) was not taken: HTTP status 404']);
  });

  it('gives up after a few tries, and says so without the URL', async () => {
    const { pinger, warnings, heads } = await scene((socket) => socket.destroy());
    await pinger.ended('success', '', false);
    expect(heads()).toHaveLength(3);
    expect(warnings).toEqual([expect.stringMatching(/^the ping \(success\) was not taken: /)]);
    expect(warnings.join()).not.toContain('secret-id');
  });

  it('waits no longer than its limit for a server that never answers, not even where the begin still hangs', async () => {
    const { pinger, warnings } = await scene(() => {}, { ...LIMITS, stoppedMs: 20 });
    pinger.begun();
    await pinger.ended('fail', '', true);
    expect(warnings).toContain('the ping (fail) was not taken: no answer in time');
  });
});
