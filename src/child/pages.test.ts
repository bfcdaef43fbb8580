import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, startEndpoint } from '../../fixtures/endpoint.ts';
import { expectedPagedLinesOf, PAGE_SIZE } from '../../fixtures/pages.ts';
import { type ChildSettings, HTTP_CLIENTS, type HttpClientName, type PaginationSetting } from '../channel/protocol.ts';
import { childInProcess, connectionBy } from '../testing/child-in-process.ts';

const KINDS: Readonly<Record<string, PaginationSetting>> = {
  next_link: { type: 'next_link', path: 'next' },
  link_header: { type: 'link_header' },
  cursor: { type: 'cursor', path: 'cursor', parameter: 'cursor' },
  page: { type: 'page', parameter: 'page' },
  offset: { type: 'offset', parameter: 'offset', size: PAGE_SIZE },
};

/** A child that asks an endpoint for pages with one of the libraries: `next_link:10`, with other parameters behind it. */
const worldBy =
  (httpClient: HttpClientName) =>
  async (pages: string, more: Partial<PaginationSetting> = {}, settings: Partial<ChildSettings> = {}) => {
    const endpoint: Endpoint = await startEndpoint({ isLogging: true });
    onTestFinished(() => endpoint.close());
    const kind = KINDS[pages.split(':')[0] ?? ''] ?? expect.unreachable(pages);
    const pagination = { ...kind, ...more } as PaginationSetting;
    const connection = connectionBy(httpClient);
    const child = childInProcess(`${endpoint.template}?pages=${pages}`, { connection, pagination, ...settings });
    return { endpoint, child };
  };

const textOf = (customer: string, pages: number): string =>
  expectedPagedLinesOf(customer, pages)
    .map((line) => `${line}\n`)
    .join('');

const KIND_NAMES = Object.keys(KINDS);
const COUNTED = ['page', 'offset'];

describe.each(HTTP_CLIENTS)('%s: pages of one customer', (httpClient) => {
  const worldOf = worldBy(httpClient);

  it.each(KIND_NAMES)('one of them by %s: the customer is settled by it', async (kind) => {
    const { child, endpoint } = await worldOf(`${kind}:1`);
    const requests = COUNTED.includes(kind) ? 2 : 1;
    expect(await child.get('C1')).toEqual({ is: 'ok', text: textOf('C1', 1), records: 1, attempts: requests });
    expect(endpoint.countOf('C1')).toBe(requests);
    expect(endpoint.strays).toEqual([]);
  });

  it.each(KIND_NAMES)('ten of them by %s stand together and are settled at once', async (kind) => {
    const { child, endpoint } = await worldOf(`${kind}:10`);
    const requests = COUNTED.includes(kind) ? 11 : 10;
    const said = await child.get('a b/c&page=7');
    expect(said).toEqual({ is: 'ok', text: textOf('a b/c&page=7', 10), records: 19, attempts: requests });
    expect(endpoint.countOf('a b/c&page=7')).toBe(requests);
    expect(child.log.at(-1)).toBe(`Successfully retrieved 19 details(s) for a b/c&page=7 on ${requests} page(s)`);
    expect(child.log).toContain('Requesting page 2 of details for customer a b/c&page=7');
  });

  it.each(COUNTED)('end by %s with a page that is not full, where that is said, and ask for no more', async (kind) => {
    const { child, endpoint } = await worldOf(`${kind}:3`, { size: PAGE_SIZE, until: 'short_page' });
    expect(await child.get('C1')).toMatchObject({ text: textOf('C1', 3), records: 5 });
    expect(endpoint.countOf('C1')).toBe(3);
  });

  it('end where an expression on the page says so', async () => {
    const { child, endpoint } = await worldOf('page:5', { while: 'details[1]' });
    expect(await child.get('C1')).toMatchObject({ text: textOf('C1', 5) });
    expect(endpoint.countOf('C1')).toBe(5);
  });

  it.each(KIND_NAMES)('that go in a circle by %s are found, and the customer fails', async (kind) => {
    const { child, endpoint } = await worldOf(`${kind}:3:loop`);
    const said = await child.get('C1');
    const reason = COUNTED.includes(kind)
      ? 'page 4: it is the same, byte for byte, as a page that was there before'
      : 'page 3: it leads back to a page that was there before';
    expect(said).toMatchObject({ is: 'failed', kind: 'bad_answer', status: 200, reason });
    expect(endpoint.requests).toBeLessThanOrEqual(4);
  });

  it('that are more than max_pages fail the customer; so many are none too many', async () => {
    const { child } = await worldOf('cursor:3', { max_pages: 3 });
    expect(await child.get('C1')).toMatchObject({ is: 'ok', records: 5 });
    const more = await worldOf('cursor:4', { max_pages: 3 });
    const reason = 'page 3: there are more pages than max_pages allows (3)';
    expect(await more.child.get('C1')).toMatchObject({ is: 'failed', kind: 'bad_answer', reason, attempts: 3 });
  });

  it('are asked for again one by one, each up to max_attempts times', async () => {
    const { child } = await worldOf('next_link:4&fault=503:3&fault_page=3', {}, { maxAttempts: 2 });
    expect(await child.get('C1')).toMatchObject({ is: 'ok', text: textOf('C1', 4), attempts: 5 });
    expect(child.log.filter((line) => line.startsWith('Retrying'))).toEqual([
      expect.stringMatching(/: page 3: HTTP 503 Service Unavailable \(attempt 1 of 2\)$/),
    ]);
  });

  it('fail their customer when one of them fails, with its number', async () => {
    const { child } = await worldOf('cursor:9&fault=500&fault_page=7');
    const reason = 'page 7: HTTP 500 Internal Server Error';
    expect(await child.get('C1')).toMatchObject({ is: 'failed', kind: 'http_5xx', status: 500, reason, attempts: 7 });
    const broken = await worldOf('next_link:3&fault=no-details&fault_page=2');
    expect(await broken.child.get('C1')).toMatchObject({
      kind: 'bad_answer',
      reason: 'page 2: there is no details in the answer (it has: customer)',
    });
  });

  it('end without failure where a later one is taken for empty', async () => {
    const settings: Partial<ChildSettings> = { outcomes: [{ status: 404, as: 'empty' }] };
    const { child } = await worldOf('page:5&fault=404&fault_page=3', {}, settings);
    expect(await child.get('C1')).toMatchObject({ is: 'ok', records: 4, attempts: 3 });
  });

  it('hold no slot in between: others are asked for meanwhile', async () => {
    const { child, endpoint } = await worldOf('next_link:5', {}, { requestsPerProcess: 1 });
    for (const customer of ['C1', 'C2']) void child.get(customer);
    await child.end();
    const order = endpoint.log.map(({ customer }) => customer);
    expect(order.slice(0, 4).sort()).toEqual(['C1', 'C1', 'C2', 'C2']);
  });
});

describe.each(HTTP_CLIENTS)('%s: a link to another page', (httpClient) => {
  const worldOf = worldBy(httpClient);

  it('is never followed to another origin, and nothing is sent there', async () => {
    const decoy = await startEndpoint({ isLogging: true });
    onTestFinished(() => decoy.close());
    for (const style of ['next_link', 'link_header']) {
      const { endpoint, child } = await worldOf(`${style}:2:away=${decoy.url}/steal`);
      const reason = `page 2: the next link leads to another origin: ${decoy.url}`;
      expect(await child.get('C1')).toMatchObject({ is: 'failed', kind: 'bad_answer', reason });
      expect(endpoint.requests).toBe(2);
    }
    expect(decoy.requests + decoy.strays.length).toBe(0);
  });

  it.each([
    ['//decoy.example/x', 'another origin: http://decoy.example'],
    ['https://127.0.0.1/x', 'another origin: https://127.0.0.1'],
    ['file:///etc/passwd', 'another origin: file:'],
    ['http://[', 'an address that is none'],
  ])('to %s fails the customer', async (link, what) => {
    const { child } = await worldOf(`next_link:1:away=${link}`);
    expect(await child.get('C1')).toMatchObject({ is: 'failed', reason: `page 1: the next link leads to ${what}` });
  });
});
