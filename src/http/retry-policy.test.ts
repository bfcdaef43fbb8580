import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from './client.ts';
import { compileRules } from './outcome-rules.ts';
import { type AttemptResult, judge as judgeBy, retryDelayMs } from './retry-policy.ts';

const answer = (status: number, statusText = '', headers = {}) => ({
  answer: { status, statusText, headers, body: new Uint8Array() },
  json: () => expect.unreachable('no rule looks into the answer'),
});
const judge = (result: AttemptResult, nowMs: number) => judgeBy(compileRules(), result, nowMs);

describe('judge, by the rules that stand without the user', () => {
  it.each([200, 201, 204, 206])('takes %i for an answer', (status) => {
    expect(judge(answer(status), 0)).toMatchObject({ is: 'ok', received: { answer: { status } } });
  });

  it.each([
    [408, 'http_4xx'],
    [425, 'http_4xx'],
    [500, 'http_5xx'],
    [502, 'http_5xx'],
    [503, 'http_5xx'],
    [504, 'http_5xx'],
  ])('has %i asked again', (status, kind) => {
    expect(judge(answer(status), 0)).toMatchObject({ is: 'retry', failure: { kind, status } });
  });

  it.each([
    [400, 'http_4xx'],
    [401, 'http_4xx'],
    [404, 'http_4xx'],
    [410, 'http_4xx'],
    [501, 'http_5xx'],
    [505, 'http_5xx'],
    [304, 'bad_answer'],
    [999, 'bad_answer'],
  ])('has %i fail at once', (status, kind) => {
    expect(judge(answer(status), 0)).toMatchObject({ is: 'fail', failure: { kind, status } });
  });

  it('gives the status and its text as the reason', () => {
    expect(judge(answer(404, 'Not Found'), 0)).toMatchObject({ failure: { reason: 'HTTP 404 Not Found' } });
    expect(judge(answer(404), 0)).toMatchObject({ failure: { reason: 'HTTP 404' } });
  });

  it('holds the requests for a 429, and for a 503 that says how long', () => {
    expect(judge(answer(429), 0)).toMatchObject({ is: 'limited', failure: { kind: 'rate_limited', status: 429 } });
    const unavailable = judge(answer(503, '', { 'retry-after': '7' }), 0);
    expect(unavailable).toMatchObject({ is: 'limited', failure: { kind: 'rate_limited' }, retryAfterMs: 7_000 });
  });

  it('passes on what the server asks for with Retry-After, on any status that is asked again', () => {
    expect(judge(answer(500, '', { 'retry-after': '7' }), 0)).toMatchObject({ is: 'retry', retryAfterMs: 7_000 });
    expect(judge(answer(429, '', { 'retry-after': 'soon' }), 0)).not.toHaveProperty('retryAfterMs');
  });

  it('asks again after an error where that may help, under the kind of the error', () => {
    const timeout = new RequestError('timeout', 'ETIMEDOUT', 'no whole answer within 30 s');
    const failure = { kind: 'timeout', reason: 'no whole answer within 30 s (ETIMEDOUT)' };
    expect(judge({ error: timeout }, 0)).toEqual({ is: 'retry', failure });
    const garbage = new RequestError('bad_answer', 'HPE_INVALID_CONSTANT', 'answer is not HTTP');
    expect(judge({ error: garbage }, 0)).toMatchObject({ is: 'fail', failure: { kind: 'bad_answer' } });
  });

  it('names the status of an answer that had begun', () => {
    const refused = new RequestError('bad_answer', 'REDIRECT', 'redirected to another origin');
    refused.status = 302;
    expect(judge({ error: refused }, 0)).toMatchObject({ is: 'fail', failure: { status: 302 } });
  });
});

describe('retryDelayMs', () => {
  it('doubles from half a second to a second at first, up to half a minute', () => {
    const range = (attempt: number) => [0, 0.999999].map((random) => retryDelayMs({ attempt, random }));
    expect([1, 2, 3, 6, 60].map(range)).toEqual([
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [15_000, 30_000],
      [15_000, 30_000],
    ]);
  });

  it('is never below Retry-After, and never above both limits', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(1e9), random, (attempt, retryAfterMs, at) => {
        const delayMs = retryDelayMs({ attempt, retryAfterMs, random: at });
        expect(delayMs).toBeGreaterThanOrEqual(Math.max(500, retryAfterMs));
        expect(delayMs).toBeLessThanOrEqual(Math.max(30_000, retryAfterMs));
      }),
    );
  });
});
