import { describe, expect, it, onTestFinished } from 'vitest';
import { answerTextOf } from '../../fixtures/details.ts';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { type ChildSettings, HTTP_CLIENTS, type HttpClientName } from '../channel/protocol.ts';
import { childInProcess, connectionBy } from '../testing/child-in-process.ts';
import { rawAnswer, rawServer } from '../testing/raw-server.ts';

/** An endpoint, and a child that asks it with one of the libraries. */
const worldBy =
  (httpClient: HttpClientName) =>
  async (settings: Partial<ChildSettings> = {}) => {
    const endpoint: Endpoint = await startEndpoint();
    onTestFinished(() => endpoint.close());
    const connection = connectionBy(httpClient);
    return { endpoint, child: childInProcess(endpoint.template, { connection, ...settings }) };
  };

const textOf = (customer: string, fault?: string): string =>
  expectedLinesOf(customer, fault)
    .map((line) => `${line}\n`)
    .join('');

describe.each(HTTP_CLIENTS)('%s: what answers mean, by rules of the user', (httpClient) => {
  const worldOf = worldBy(httpClient);

  it('is told by a body under status 200, too', async () => {
    const outcomes = [{ status: 200, where: "error.code == 'BUSY'", as: 'retry' as const }];
    const { child, endpoint } = await worldOf({ outcomes, maxAttempts: 2 });
    expect(await child.get('fault-busy:1')).toMatchObject({ is: 'ok', text: textOf('fault-busy:1'), attempts: 2 });
    expect(endpoint.countOf('fault-busy:1')).toBe(2);
    expect(await worldOf().then((plain) => plain.child.get('fault-busy'))).toMatchObject({ kind: 'bad_answer' });
  });

  it('makes a customer that is not found one without records', async () => {
    const { child } = await worldOf({ outcomes: [{ status: 404, as: 'empty' }] });
    expect(await child.get('fault-404')).toEqual({ is: 'ok', text: '', records: 0, attempts: 1 });
    expect(await child.get('fault-410')).toMatchObject({ is: 'failed', kind: 'http_4xx', status: 410 });
  });

  it('ends the run at an answer that says stop, and asks for nobody else', async () => {
    const { child, endpoint } = await worldOf({ outcomes: [{ status: 403, as: 'stop' }] });
    const reason =
      'the answer for customer fault-403 ends the run: HTTP 403 Forbidden (stop: 403), "{"error":"status 403 for fault-403"}"';
    expect(await child.get('fault-403')).toEqual({ is: 'halt', reason });
    void child.get('C1');
    await child.end();
    expect(endpoint.countOf('C1')).toBe(0);
  });
});

describe.each(HTTP_CLIENTS)('%s: an answer of somebody else', (httpClient) => {
  const worldOf = worldBy(httpClient);

  it('is never written: the customer is asked for again on another connection, and fails when that goes on', async () => {
    const { child, endpoint } = await worldOf({ verifyCustomer: 'customer', maxAttempts: 2 });
    expect(await child.get('C1')).toMatchObject({ is: 'ok', text: textOf('C1') });
    const passing = 'fault-other-customer:1';
    expect(await child.get(passing)).toMatchObject({ is: 'ok', text: textOf(passing), attempts: 2 });
    const reason = 'the answer is not this customer\'s: customer is "fault-other-customer~other"';
    const failure = { kind: 'bad_answer', status: 200, attempts: 2, reason };
    expect(await child.get('fault-other-customer')).toMatchObject({ is: 'failed', ...failure });
    expect(endpoint.countOf('fault-other-customer')).toBe(2);
  });

  it('that comes because a connection is one answer behind costs that connection, and nobody gets the wrong one', async () => {
    const before = new Map<unknown, string>();
    const server = await rawServer((socket, _index, request) => {
      const customer = /^GET \/(\w+) /.exec(request)?.[1] ?? '';
      socket.write(rawAnswer(answerTextOf(before.get(socket) ?? customer)));
      before.set(socket, customer);
    });
    const child = childInProcess(`${server.origin}/{0}`, {
      ...{ verifyCustomer: 'customer', maxAttempts: 2 },
      connection: connectionBy(httpClient),
    });
    for (const customer of ['C1', 'C2', 'C3', 'C4']) {
      expect(await child.get(customer)).toMatchObject({ is: 'ok', text: textOf(customer) });
    }
    expect(server.requests).toHaveLength(6);
    expect(server.connections).toHaveLength(4);
  });
});
