import { describe, expect, it } from 'vitest';
import type { Bound } from '../flow/gate-terms.ts';
import { type BoundFacts, boundWords } from './bound-words.ts';

const NOW = new Date(2026, 0, 31, 2, 13, 35);
const GATE: BoundFacts['gate'] = {
  boundBy: 'bounds',
  heldMs: 30_000,
  perSecond: Number.POSITIVE_INFINITY,
  inFlight: 20,
  mayFly: 64,
  isStarting: false,
  processCount: 4,
  requestsPerProcess: 16,
};
const FACTS: BoundFacts = {
  gate: GATE,
  unwritten: 0,
  waiting: 0,
  open: 2000,
  isListRead: false,
  starting: 0,
  isStopping: false,
};
const words = (gate: Partial<BoundFacts['gate']>, facts: Partial<BoundFacts> = {}) =>
  boundWords({ ...FACTS, ...facts, gate: { ...GATE, ...gate } }, NOW);

describe('boundWords, where the gate holds requests back', () => {
  it('says until when, how many, how fast, and on whose word', () => {
    const cases: [Bound, Partial<BoundFacts['gate']>, string][] = [
      ['hold', {}, 'held until 02:14:05: the endpoint asked for it'],
      ['outage', {}, 'the endpoint is down: one customer at a time tries it'],
      ['canary', {}, 'the first customers show whether the others are worth asking for'],
      ['quota', { perSecond: 400 }, "400/s, the endpoint's quota"],
      ['rate_limit', { perSecond: 400 }, 'rate limit 400/s'],
      ['endpoint', { perSecond: 380 }, '380/s: the endpoint allows no more'],
      ['endpoint', { mayFly: 24 }, '24 in flight at most: the endpoint takes no more well'],
      [
        'endpoint',
        { mayFly: 24, isStarting: true },
        '24 in flight at most so far: more while the endpoint answers well',
      ],
    ];
    for (const [boundBy, gate, expected] of cases) expect(words({ boundBy, ...gate })).toBe(expected);
  });

  it('names the slots where a rate is not reached because all of them are in use', () => {
    expect(words({ boundBy: 'rate_limit', perSecond: 400, inFlight: 60 })).toMatch(/^4 × 16 requests at a time/);
  });

  it('waits for the last ones where no request is left that could be held back', () => {
    const last = { open: 3, isListRead: true };
    expect(words({ boundBy: 'rate_limit', perSecond: 400, inFlight: 3 }, last)).toBe(
      'waiting for the last 3 customers',
    );
    expect(words({ boundBy: 'rate_limit', perSecond: 400, inFlight: 2 }, last)).toBe('rate limit 400/s');
    expect(words({ boundBy: 'hold', inFlight: 3 }, last)).toMatch(/^held until/);
  });
});

describe('boundWords, where it lets through whatever the settings allow', () => {
  it('names the settings where the slots are in use', () => {
    const slots = '4 × 16 requests at a time: more with process_count or requests_per_process';
    expect(words({ inFlight: 64 })).toBe(slots);
    expect(words({ inFlight: 64 }, { unwritten: 500 })).toBe(slots);
    expect(words({ inFlight: 40 }, { isListRead: true })).toBe(slots);
  });

  it('names the disk where output waits and requests do not', () => {
    expect(words({ inFlight: 3 }, { unwritten: 1500 })).toBe('the disk: 1,500 customers wait to be written');
  });

  it('names the order of the list where answers wait for their turn', () => {
    expect(words({ inFlight: 1 }, { waiting: 900 })).toBe(
      'the order of the list: 900 customers wait for those before them',
    );
    expect(words({ inFlight: 40 }, { waiting: 900 })).toMatch(/^4 × 16 requests/);
  });

  it('names children that cannot ask yet', () => {
    expect(words({ inFlight: 16 }, { starting: 3 })).toBe('3 children are starting');
    expect(words({ inFlight: 0 }, { starting: 1, open: 0 })).toBe('1 child is starting');
  });

  it('names the list where its rows are asked for as soon as they are read', () => {
    expect(words({ inFlight: 2 }, { open: 2 })).toBe('the list: its rows come more slowly than they are asked for');
  });

  it('waits for the last ones once the list is read', () => {
    expect(words({ inFlight: 5 }, { open: 5, isListRead: true })).toBe('waiting for the last 5 customers');
    expect(words({ inFlight: 1 }, { open: 1, isListRead: true })).toBe('waiting for the last customer');
  });

  it('says nothing where nothing is known that would keep requests back', () => {
    expect(words({ inFlight: 20 })).toBeUndefined();
    expect(words({ inFlight: 0 }, { open: 0, isListRead: true })).toBeUndefined();
  });
});

it('boundWords says that a run is being stopped, whatever else there is', () => {
  for (const boundBy of ['bounds', 'hold', 'rate_limit'] as const) {
    expect(words({ boundBy }, { isStopping: true })).toBe('stopping: no more requests, those in flight may finish');
  }
  expect(words({}, { isStopping: true, open: 0 })).toBeUndefined();
});
