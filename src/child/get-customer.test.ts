import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { OutcomeRule } from '../channel/protocol.ts';
import { type Answer, type HttpRequest, RequestError, type SendOptions } from '../http/client.ts';
import { compileRules } from '../http/outcome-rules.ts';
import { compilePagination } from '../http/pagination.ts';
import { compileRequest } from '../http/request-template.ts';
import { AnswerError } from '../records/answer-error.ts';
import { parseAnswer } from '../records/read-answer.ts';
import { createVerify } from '../records/verify-customer.ts';
import type { Gate } from './gate.ts';
import { createGetCustomer, type GetCustomerDeps } from './get-customer.ts';
import { OwnLimits } from './own-limits.ts';
import { PageRoom } from './page-room.ts';
import { NO_SIGN_IN, type SignIn } from './sign-in.ts';

const OPEN_GATE: Gate = {
  enter: async () => {},
  leave: () => {},
  report: () => {},
  again: () => {},
  read: () => {},
  misread: () => {},
};

type Step = { status: number; headers?: Answer['headers']; text?: string } | RequestError;
const OK = { status: 200 };
const RESET = new RequestError('network', 'ECONNRESET', 'connection closed');
const STALE = new RequestError('network', 'ECONNRESET', 'connection closed', { isStale: true });

/** A world in which each request takes 10 ms, each step answers one of them, and no time passes by itself. */
function worldOf(steps: Step[], changes: Partial<GetCustomerDeps> = {}) {
  const stopping = new AbortController();
  const world = {
    stopping,
    stopsAtRequest: false,
    nowMs: 1_000,
    urls: [] as string[],
    fresh: [] as boolean[],
    log: [] as string[],
    slept: [] as number[],
    /** Requests whose connections were dropped, from 1. */
    dropped: [] as number[],
  };
  const slot = pLimit(1);
  const deps: GetCustomerDeps = {
    client: {
      send: async ({ url }: HttpRequest, { freshConnection = false }: SendOptions = {}) => {
        const step = steps[world.urls.length] ?? expect.unreachable('one request too many');
        world.urls.push(url);
        world.fresh.push(freshConnection);
        world.nowMs += 10;
        if (world.stopsAtRequest) stopping.abort();
        if (step instanceof RequestError) throw step;
        const nth = world.urls.length;
        return {
          dropConnection: () => void world.dropped.push(nth),
          statusText: '',
          headers: {},
          body: Buffer.from(step.text ?? '{}'),
          ...step,
        };
      },
      close: () => {},
    },
    template: compileRequest({ url: 'http://h/c/{0}?region={region}', headers: {}, query: {} }),
    headOf: () => undefined,
    gate: OPEN_GATE,
    ownLimits: new OwnLimits(),
    signIn: NO_SIGN_IN,
    rules: compileRules(),
    parse: ({ body }) => parseAnswer(body),
    slots: { room: () => undefined, run: (request) => slot(request) },
    maxAttempts: 3,
    patienceMs: 300_000,
    readRecords: (_json, [customer]) => ({ text: `${customer}, 1\n`, records: 1 }),
    log: (level, message) => world.log.push(`${level}: ${message}`),
    redact: (text) => text.replaceAll('hunter2', '***'),
    sleep: async (ms) => {
      world.slept.push(ms);
      world.nowMs += ms;
    },
    now: () => world.nowMs,
    random: () => 0,
    signal: stopping.signal,
    ...changes,
  };
  const getCustomer = createGetCustomer(deps);
  return { world, get: (values: readonly string[]) => getCustomer(values, 0) };
}

describe('createGetCustomer', () => {
  it("requests the customer's URL and gives its lines, with the seed's words in the log", async () => {
    const { world, get } = worldOf([OK]);
    expect(await get(['a/b', 'north'])).toEqual({ is: 'ok', text: 'a/b, 1\n', records: 1, attempts: 1 });
    expect(world.urls).toEqual(['http://h/c/a%2Fb?region=north']);
    expect(world.log).toEqual([
      'info: Requesting details for customer a/b',
      'info: Successfully retrieved 1 details(s) for a/b',
    ]);
  });

  it('tries again with growing pauses, and counts the attempts', async () => {
    const { world, get } = worldOf([{ status: 503 }, RESET, OK]);
    expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 3 });
    expect(world.slept).toEqual([500, 1_000]);
    expect(world.log.slice(1, 3)).toEqual([
      'info: Retrying customer 7 in 0.5 s: HTTP 503 (attempt 1 of 3)',
      'info: Retrying customer 7 in 1 s: connection closed (ECONNRESET) (attempt 2 of 3)',
    ]);
  });

  it('gives up after the last attempt, with the last failure and the whole time', async () => {
    const { world, get } = worldOf([RESET, RESET, { status: 500 }]);
    const failure = { kind: 'http_5xx', reason: 'HTTP 500', status: 500, attempts: 3, elapsedMs: 1_530 };
    expect(await get(['7', ''])).toEqual({ is: 'failed', failure });
    expect(world.urls).toHaveLength(3);
  });

  it('gives up at once where another attempt would not help', async () => {
    const { world, get } = worldOf([{ status: 404 }]);
    expect(await get(['7', ''])).toMatchObject({
      is: 'failed',
      failure: { kind: 'http_4xx', status: 404, attempts: 1 },
    });
    expect(world.slept).toEqual([]);
  });

  it('E1: never asks sooner than Retry-After says', async () => {
    const { world, get } = worldOf([{ status: 500, headers: { 'retry-after': '7' } }, OK]);
    expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 2 });
    expect(world.slept).toEqual([7_000]);
  });

  it.each([
    ['86400', 300_000, 'more than 300 s'],
    // Node would cut such a timer to a millisecond.
    ['3000000', 1e12, 'more than 1000000000 s'],
  ])(
    'fails a customer for which a pause of %s s is asked for, more than there is, without waiting',
    async (wait, patienceMs, more) => {
      const { world, get } = worldOf([{ status: 500, headers: { 'retry-after': wait } }], { patienceMs });
      const reason = `HTTP 500: the server asks to wait ${wait} s, ${more}`;
      expect(await get(['7', ''])).toMatchObject({ is: 'failed', failure: { status: 500, attempts: 1, reason } });
      expect(world.slept).toEqual([]);
    },
  );

  it.each([{ status: 429 }, { status: 503, headers: { 'retry-after': '7' } }])(
    'lets others go first after the hold where %o says that everybody is to wait, and uses up no attempt',
    async (limited) => {
      const { world, get } = worldOf([limited, limited, limited, limited, OK], { maxAttempts: 1 });
      expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 5 });
      expect(world.slept).toEqual(Array(4).fill(500 + (limited.headers === undefined ? 0 : 7000)));
    },
  );

  it('gives up on a customer that alone is limited again and again while others are answered', async () => {
    const limits = new OwnLimits();
    const answered = () => {
      for (let i = 0; i < 10; i += 1) limits.answered(limits.begin());
    };
    const { get } = worldOf(
      Array.from({ length: 4 }, () => ({ status: 429 })),
      {
        ownLimits: limits,
        gate: { ...OPEN_GATE, leave: answered },
      },
    );
    const reason = 'HTTP 429, again while others were answered';
    expect(await get(['7', ''])).toMatchObject({ failure: { kind: 'rate_limited', status: 429, attempts: 4, reason } });
  });

  it('asks again at once on a fresh connection where a kept one was stale, and uses up no attempt', async () => {
    const { world, get } = worldOf([STALE, { status: 503 }, STALE, OK]);
    expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 2 });
    expect(world.fresh).toEqual([false, true, false, true]);
    expect(world.slept).toEqual([500]);
  });

  it('asks on a fresh connection no more than once an attempt', async () => {
    const { world, get } = worldOf([STALE, STALE, STALE, STALE], { maxAttempts: 2 });
    expect(await get(['7', ''])).toMatchObject({ is: 'failed', failure: { kind: 'network', attempts: 2 } });
    expect(world.fresh).toEqual([false, true, false, true]);
  });

  it('fails an answer without records as a bad answer, not asked for again, with its status', async () => {
    const readRecords = () => {
      throw new AnswerError('answer is not JSON: "hunter2"');
    };
    const { get } = worldOf([OK], { readRecords });
    const failure = {
      kind: 'bad_answer',
      reason: 'answer is not JSON: "***"',
      status: 200,
      attempts: 1,
      elapsedMs: 10,
    };
    expect(await get(['7', ''])).toEqual({ is: 'failed', failure });
  });

  it('requests nothing for a customer that cannot be sent safely', async () => {
    const { world, get } = worldOf([]);
    expect(await get(['..', ''])).toMatchObject({
      is: 'failed',
      failure: { kind: 'bad_row', attempts: 0, elapsedMs: 0 },
    });
    expect(world.urls).toEqual([]);
    expect(world.log).toEqual([]);
  });

  it('holds no slot between attempts', async () => {
    const waiting = Promise.withResolvers<void>();
    const { world, get } = worldOf([{ status: 503 }, OK, OK], { sleep: () => waiting.promise });
    const first = get(['1', '']);
    expect(await get(['2', ''])).toMatchObject({ is: 'ok', attempts: 1 });
    waiting.resolve();
    expect(await first).toMatchObject({ is: 'ok', attempts: 2 });
    expect(world.urls.map((url) => url.at(9))).toEqual(['c', 'c', 'c']);
  });

  it('lets a fault of our own through', async () => {
    const readRecords = () => {
      throw new TypeError('ours');
    };
    await expect(worldOf([OK], { readRecords }).get(['7', ''])).rejects.toThrow('ours');
  });
});

describe('createGetCustomer, by rules of the user', () => {
  const rules = (...own: OutcomeRule[]) => ({ rules: compileRules(own) });

  it('settles a customer without records where the answer is taken for that', async () => {
    const { world, get } = worldOf([{ status: 404 }], rules({ status: 404, as: 'empty' }));
    expect(await get(['7', ''])).toEqual({ is: 'ok', text: '', records: 0, attempts: 1 });
    expect(world.log.at(-1)).toBe('info: Successfully retrieved 0 details(s) for 7');
  });

  it('parses an answer once, however many look into it', async () => {
    let parsed = 0;
    const parse = () => {
      parsed += 1;
      return { code: 'FINE' };
    };
    const looking = rules({ where: "code == 'BUSY'", as: 'retry' }, { where: "code == 'GONE'", as: 'fail' });
    expect(await worldOf([OK], { ...looking, parse }).get(['7', ''])).toMatchObject({ is: 'ok' });
    expect(parsed).toBe(1);
  });

  it('leaves a customer unsettled whose answer ends the run, and says which answer it was', async () => {
    const { get } = worldOf([{ status: 403, text: '{"error":"revoked"}' }], rules({ status: 403, as: 'stop' }));
    const reason = 'the answer for customer 7 ends the run: HTTP 403 (stop: 403), "{"error":"revoked"}"';
    expect(await get(['7', ''])).toEqual({ is: 'stop', reason });
  });
});

describe('createGetCustomer, where the answer must say whose it is', () => {
  const verify = createVerify('customer');
  const other = { status: 200, text: '{"customer":"B"}' };
  const own = { status: 200, text: '{"customer":"A"}' };

  it('drops the connection of an answer of somebody else, and asks again on a fresh one', async () => {
    const { world, get } = worldOf([other, { status: 503 }, own], { verify });
    expect(await get(['A', ''])).toMatchObject({ is: 'ok', attempts: 3 });
    expect(world.fresh).toEqual([false, true, false]);
    expect(world.dropped).toEqual([1]);
    expect(world.log).toContain(
      'info: Retrying customer A in 0.5 s: the answer is not this customer\'s: customer is "B" (attempt 1 of 3)',
    );
  });

  it('never writes it, and fails the customer after the last attempt', async () => {
    const { world, get } = worldOf([other, other, { status: 200, text: '{}' }], { verify });
    const reason = "the answer is not this customer's: customer is nothing";
    expect(await get(['A', ''])).toMatchObject({ is: 'failed', failure: { kind: 'bad_answer', reason, attempts: 3 } });
    expect(world.dropped).toEqual([1, 2, 3]);
  });

  it('asks no error page whose it is', async () => {
    const { get } = worldOf([{ status: 404, text: 'gone' }], {
      verify,
      rules: compileRules([{ status: 404, as: 'empty' }]),
    });
    expect(await get(['A', ''])).toMatchObject({ is: 'ok', records: 0, attempts: 1 });
    const page = worldOf([{ status: 200, text: '<p>' }], { verify });
    expect(await page.get(['A', ''])).toMatchObject({
      is: 'failed',
      failure: { reason: 'answer is not JSON: "<p>"', attempts: 1 },
    });
  });
});

describe('createGetCustomer, at its seams', () => {
  it('passes the gate with each request, and reports each attempt once', async () => {
    const seen: string[] = [];
    const gate: Gate = {
      enter: async () => void seen.push('enter'),
      leave: () => void seen.push('leave'),
      report: ({ verdict, elapsedMs, attempt }) => seen.push(`${attempt}: ${verdict.is} after ${elapsedMs} ms`),
      again: () => {},
      read: () => seen.push('read'),
      misread: (reason) => seen.push(reason),
    };
    const turn = ['enter', 'leave'];
    await worldOf([STALE, { status: 503 }, OK], { gate }).get(['7', '']);
    expect(seen.splice(0)).toEqual([...turn, ...turn, '1: retry after 10 ms', ...turn, '2: ok after 10 ms', 'read']);
    const readRecords = () => {
      throw new AnswerError('no details');
    };
    await worldOf([OK], { gate, readRecords }).get(['7', '']);
    expect(seen).toEqual([...turn, '1: ok after 10 ms', 'no details']);
  });

  it('asks once more, within the same attempt, where a 401 can be answered with another proof', async () => {
    const proofs = ['first', 'second'];
    const signIn: SignIn = {
      ready: () => undefined,
      sign: (request) => ({ ...request, url: `${request.url}&proof=${proofs[0]}` }),
      renew: async ({ url }) => url.endsWith('first') && proofs.shift() !== undefined,
    };
    const { world, get } = worldOf([{ status: 401 }, OK], { signIn });
    expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 1 });
    expect(world.urls.map((url) => url.split('=').at(-1))).toEqual(['first', 'second']);
    expect(
      await worldOf([{ status: 401 }, { status: 401 }], {
        signIn: { ...signIn, renew: async (_, isAgain) => !isAgain },
      }).get(['7', '']),
    ).toMatchObject({ is: 'failed', failure: { status: 401, attempts: 1 } });
  });

  it('signs behind the gate, and waits for a proof before it', async () => {
    const seen: string[] = [];
    const proofs = [undefined, 'newest'];
    const signIn: SignIn = {
      ready: async () => void seen.push('ready'),
      sign: (request) => {
        const proof = proofs.shift();
        seen.push(`sign ${proof}`);
        return proof === undefined ? undefined : { ...request, url: `${request.url}${proof}` };
      },
      renew: async () => false,
    };
    const gate: Gate = {
      ...OPEN_GATE,
      enter: async () => void seen.push('enter'),
      leave: () => seen.push('leave'),
      again: () => seen.push('again'),
    };
    const { world, get } = worldOf([OK], { signIn, gate });
    expect(await get(['7', ''])).toMatchObject({ is: 'ok', attempts: 1 });
    expect(world.urls).toEqual(['http://h/c/7?region=newest']);
    const onceThrough = ['ready', 'enter'];
    expect(seen).toEqual([...onceThrough, 'sign undefined', 'again', 'leave', ...onceThrough, 'sign newest', 'leave']);
  });

  it('tells the gate of each request that told nothing: a stale connection, a proof that was refused and renewed', async () => {
    const told: string[] = [];
    const gate: Gate = { ...OPEN_GATE, again: () => void told.push('again') };
    const signIn: SignIn = { ...NO_SIGN_IN, renew: async (_, isAgain) => !isAgain };
    await worldOf([STALE, { status: 401 }, OK], { gate, signIn }).get(['7', '']);
    expect(told).toHaveLength(2);
    await worldOf([{ status: 401 }], { gate }).get(['7', '']);
    expect(told).toHaveLength(2);
  });

  it('tells the gate of each page that was read, not only of the last one', async () => {
    const seen: string[] = [];
    const gate: Gate = {
      ...OPEN_GATE,
      enter: async () => void seen.push('enter'),
      read: () => void seen.push('read'),
    };
    const pagination = compilePagination({ type: 'cursor', path: 'next', parameter: 'after' });
    const pages = { pagination, room: new PageRoom(1) };
    await worldOf([{ status: 200, text: '{"next":"b"}' }, OK], { gate, pages }).get(['7', '']);
    expect(seen).toEqual(['enter', 'read', 'enter', 'read']);
  });

  it('begins no request where the run was stopped while it waited at the gate', async () => {
    const { world, get } = worldOf([], { gate: { ...OPEN_GATE, enter: async () => world.stopping.abort() } });
    expect(await get(['7', ''])).toEqual({ is: 'unsettled' });
    expect(world.log).toEqual([]);
  });
});

describe('createGetCustomer, when it is stopped', () => {
  it('begins no request', async () => {
    const { world, get } = worldOf([]);
    world.stopping.abort();
    expect(await get(['7', ''])).toEqual({ is: 'unsettled' });
    expect(world.log).toEqual([]);
  });

  it.each([
    ['ends well', OK, 'ok'],
    ['fails finally', { status: 404 }, 'failed'],
    ['would be repeated', { status: 503 }, 'unsettled'],
    ['was stale', STALE, 'unsettled'],
  ])('lets the request in flight finish: one that %s', async (_what, step, is) => {
    const { world, get } = worldOf([step]);
    world.stopsAtRequest = true;
    expect((await get(['7', ''])).is).toBe(is);
    expect(world.urls).toHaveLength(1);
    expect(world.slept).toEqual([]);
  });

  it('leaves a customer unsettled that is in the middle of its pages, and holds nothing of it any more', async () => {
    const room = new PageRoom(1);
    const pages = { pagination: compilePagination({ type: 'cursor', path: 'next', parameter: 'after' }), room };
    const { world, get } = worldOf([{ status: 200, text: '{"next":"b"}' }], { pages });
    world.stopsAtRequest = true;
    expect(await get(['7', ''])).toEqual({ is: 'unsettled' });
    expect(world.urls).toHaveLength(1);
    await room.begin(1);
  });

  it('settles a customer whose last attempt fails', async () => {
    const { world, get } = worldOf([{ status: 503 }], { maxAttempts: 1 });
    world.stopsAtRequest = true;
    expect(await get(['7', ''])).toMatchObject({ is: 'failed', failure: { attempts: 1 } });
  });

  it.each([
    ['returns', () => Promise.resolve()],
    ['rejects', () => Promise.reject(new DOMException('stopped', 'AbortError'))],
  ])('leaves a customer unsettled that waits for its next attempt, where the pause %s', async (_how, end) => {
    const { world, get } = worldOf([{ status: 503 }], {
      sleep: () => {
        world.stopping.abort();
        return end();
      },
    });
    expect(await get(['7', ''])).toEqual({ is: 'unsettled' });
    expect(world.urls).toHaveLength(1);
  });
});
