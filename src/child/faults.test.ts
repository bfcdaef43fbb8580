import dns from 'node:dns';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { detailsOf, hostileDetailsOf } from '../../fixtures/details.ts';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { expectedLinesOf, linesOfDetails } from '../../fixtures/result-lines.ts';
import type { ChildSettings, HttpClientName } from '../channel/protocol.ts';
import { compileRules } from '../http/outcome-rules.ts';
import { judge } from '../http/retry-policy.ts';
import { childInProcess, type Said } from '../testing/child-in-process.ts';
import { CLIENTS } from '../testing/http-client.ts';

/** Rows of the list of faults that the program survives, as far as they are about one request and its answer. */

const LIMITS = { timeoutMs: 20_000, connectTimeoutMs: 20_000, tls: { isVerified: true }, proxies: {} };

/** For one of the libraries that make requests. */
const asker =
  (httpClient: HttpClientName) =>
  async (customer: string, settings: Asked = {}) => {
    const endpoint = await startEndpoint();
    onTestFinished(() => endpoint.close());
    const { timeoutMs = LIMITS.timeoutMs, ...changes } = settings;
    const connection = { ...LIMITS, timeoutMs, httpClient };
    const said: Said = await childInProcess(endpoint.template, { ...changes, connection }).get(customer);
    return { said, requests: endpoint.countOf(customer) };
  };

interface Asked extends Partial<ChildSettings> {
  timeoutMs?: number;
}

/** A host name that is not found when it is first looked up, and then is this machine's. */
function lookUpLate(host: string): void {
  const { lookup } = dns;
  let isKnown = false;
  const late = vi.spyOn(dns, 'lookup').mockImplementation((name: string, ...rest: unknown[]) => {
    const callback = rest.at(-1);
    if (name !== host || isKnown) Reflect.apply(lookup, dns, [name === host ? '127.0.0.1' : name, ...rest]);
    else if (typeof callback === 'function') callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    isKnown ||= name === host;
  });
  onTestFinished(() => late.mockRestore());
}

const text = (lines: string[]): string => lines.map((line) => `${line}\n`).join('');
describe.each(CLIENTS)('$name: what one answer can be', ({ name, testClient }) => {
  const asked = asker(name);

  it.each([
    ['rfc1123', 3600, 3601],
    ['rfc850', 3600, 3601],
    ['asctime', 3600, 3601],
  ])('E2: a Retry-After in the date form %s is understood', async (form, least, most) => {
    const endpoint = await startEndpoint();
    onTestFinished(() => endpoint.close());
    const url = endpoint.template.replace('{0}', `fault-429:retry-after-date=3600:form=${form}`);
    const answer = await testClient().send({ url });
    const verdict = judge(compileRules(), { answer, json: () => undefined }, Date.now());
    const { retryAfterMs } = { retryAfterMs: 0, ...verdict };
    expect(retryAfterMs).toBeGreaterThan((least - 5) * 1000);
    expect(retryAfterMs).toBeLessThanOrEqual(most * 1000);
  });

  it.each(['-5', 'soon', '1.5', ''])('E2: a Retry-After of "%s" is as if there were none', async (value) => {
    const endpoint = await startEndpoint();
    onTestFinished(() => endpoint.close());
    const url = endpoint.template.replace('{0}', `fault-429:retry-after=${value}`);
    const answer = await testClient().send({ url });
    expect(answer.headers['retry-after']).toBe(value);
    const verdict = judge(compileRules(), { answer, json: () => undefined }, Date.now());
    expect(verdict).toMatchObject({ is: 'limited' });
    expect(verdict).not.toHaveProperty('retryAfterMs');
  });

  it('E5: 500, 502, 503, 504 and 408 twice and then 200 cost three requests each', async () => {
    const statuses = ['500', '502', '503', '504', '408'];
    const ends = await Promise.all(statuses.map((status) => asked(`fault-${status}:2`, { maxAttempts: 3 })));
    for (const [at, { said, requests }] of ends.entries()) {
      expect(said).toMatchObject({ is: 'ok', text: text(expectedLinesOf(`fault-${statuses[at]}:2`)), attempts: 3 });
      expect(requests).toBe(3);
    }
  });

  it.each([
    ['E6', '400', 'http_4xx', 400, 'HTTP 400 Bad Request'],
    ['E6', '404', 'http_4xx', 404, 'HTTP 404 Not Found'],
    ['E6', '410', 'http_4xx', 410, 'HTTP 410 Gone'],
    ['E6', '501', 'http_5xx', 501, 'HTTP 501 Not Implemented'],
    ['E8', 'html', 'bad_answer', 200, /^answer is an HTML page, not JSON: "<!DOCTYPE html>/],
    ['E9', 'empty', 'bad_answer', 200, 'answer is empty'],
    ['E9', '204', 'bad_answer', 204, 'answer is empty'],
    ['E10', 'truncated', 'bad_answer', 200, /^answer ends in the middle of its JSON: /],
    ['E10', 'body={"details":[{"id":NaN}]}', 'bad_answer', 200, 'answer is not JSON: "{"details":[{"id":NaN}]}"'],
    ['E10', 'body={"details":[]} {"details":[]}', 'bad_answer', 200, /^answer is not JSON: /],
    ['E11', 'no-details', 'bad_answer', 200, 'there is no details in the answer (it has: customer)'],
    ['E11', 'details-null', 'bad_answer', 200, 'details is null, not an array'],
    ['E11', 'details-object', 'bad_answer', 200, 'details is an object, not an array'],
    ['E11', 'body=[{"id":1}]', 'bad_answer', 200, 'there is no details in the answer (it is an array)'],
    ['E11', 'missing-field', 'bad_answer', 200, 'record 1 has no relevanceScore'],
    ['E12', 'not-utf8', 'bad_answer', 200, /^answer is not UTF-8: /],
    ['E12', 'body={"details":[{"id":"\\udc00"}]}', 'bad_answer', 200, /^record 1 has half a surrogate pair in id/],
    ['E12', 'body={"details":[{"id":"a\\u0000b"}]}', 'bad_answer', 200, /^record 1 has a NUL character in id/],
    ['E14', 'huge-length', 'bad_answer', 200, 'answer is larger than 10 MiB (TOO_LARGE)'],
    ['E14', 'huge', 'bad_answer', 200, 'answer is larger than 10 MiB (TOO_LARGE)'],
    ['E15', 'gzip-bomb', 'bad_answer', 200, 'answer is larger than 10 MiB (TOO_LARGE)'],
    ['E17', 'redirect-loop', 'bad_answer', 302, 'redirected too many times (ERR_TOO_MANY_REDIRECTS)'],
    ['N6', 'garbage', 'bad_answer', undefined, /^answer is not HTTP \(HPE_/],
    ['N17', 'long-headers', 'bad_answer', undefined, 'answer with too large headers (HPE_HEADER_OVERFLOW)'],
  ])('%s: %s fails at once as %s, its status %s, because %s', async (_row, fault, kind, status, reason) => {
    const { said, requests } = await asked(`fault-${fault}`, { maxAttempts: 3 });
    const why = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(said).toMatchObject({ is: 'failed', kind, reason: why, attempts: 1 });
    expect(said).toEqual(expect.objectContaining(status === undefined ? {} : { status }));
    expect(requests).toBe(fault === 'redirect-loop' ? 11 : 1);
  });

  it('N3, N4, N5: a connection that breaks before the headers or in the body is asked for again, and well', async () => {
    const faults = ['reset:1', 'close:1', 'reset-body:1', 'close-body:1', 'cut-chunked:1'];
    const ends = await Promise.all(faults.map((fault) => asked(`fault-${fault}`, { maxAttempts: 2 })));
    for (const [at, { said, requests }] of ends.entries()) {
      expect(said).toMatchObject({ is: 'ok', text: text(expectedLinesOf(`fault-${faults[at]}`)), attempts: 2 });
      expect(requests).toBe(2);
    }
  });

  it('N13: a host name that is not found at first is looked for again, and the log says so', async () => {
    const endpoint = await startEndpoint();
    onTestFinished(() => endpoint.close());
    lookUpLate('late.test');
    const connection = { ...LIMITS, httpClient: name };
    const child = childInProcess(endpoint.template.replace('127.0.0.1', 'late.test'), { connection, maxAttempts: 2 });
    expect(await child.get('c1')).toMatchObject({ is: 'ok', text: text(expectedLinesOf('c1')), attempts: 2 });
    expect(child.log).toEqual([
      'Requesting details for customer c1',
      expect.stringMatching(/^Retrying customer c1 in .* s: host name not found \(ENOTFOUND\) \(attempt 1 of 2\)$/),
      expect.stringMatching(/^Successfully retrieved \d+ details\(s\) for c1$/),
    ]);
  });

  it.each([
    ['N7', 'hang'],
    ['N8', 'slow-body=20'],
  ])('%s: %s takes no longer than the limit for an attempt', async (_row, fault) => {
    const { said } = await asked(`fault-${fault}`, { timeoutMs: 150 });
    expect(said).toMatchObject({ is: 'failed', kind: 'timeout', reason: 'no whole answer within 0.15 s (ETIMEDOUT)' });
  });

  it('E10: a byte order mark before the JSON does no harm', async () => {
    const { said } = await asked('fault-bom');
    expect(said).toMatchObject({ is: 'ok', text: text(expectedLinesOf('fault-bom')) });
  });

  it('E18: line breaks, commas, quotes, tabs, U+2028 and formulas are read back as they were', async () => {
    const { said } = await asked('fault-hostile');
    expect(said).toMatchObject({ is: 'ok', text: text(expectedLinesOf('fault-hostile', 'hostile')), records: 2 });
    const rows: unknown = parse('text' in said ? said.text : '', { ltrim: true });
    const sent = hostileDetailsOf('fault-hostile').map((detail): string[] =>
      [detail.id, detail.relevanceScore, detail.relevanceRank].map((json) => JSON.parse(json)),
    );
    expect(rows).toEqual(sent.map((values) => ['fault-hostile', ...values]));
  });

  it('E20: 10,000 records of one customer are one block, settled at once', async () => {
    const customer = 'fault-many=10000';
    const { said } = await asked(customer);
    const lines = linesOfDetails(customer, detailsOf(customer, 10_000));
    expect(said).toEqual({ is: 'ok', text: text(lines), records: 10_000, attempts: 1 });
  });
});
