import { describe, expect, it } from 'vitest';
import type { Refusal } from '../channel/protocol.ts';
import { Canary } from './canary.ts';

const refusal = (like: string, isForAll = false): Refusal => ({ like, reason: like, isForAll });
const sent = (size: number, wanted = 10): Canary => {
  const canary = new Canary(wanted);
  canary.send(size);
  return canary;
};
const times = (count: number, each: Refusal): Refusal[] => Array.from({ length: count }, () => each);

describe('Canary', () => {
  it('refuses where all are refused alike, in pieces as they come', () => {
    const canary = sent(10);
    canary.take(0, 0, times(4, refusal('HTTP 404')));
    expect(canary.verdict).toBe('undecided');
    canary.take(0, 0, times(6, refusal('HTTP 404')));
    expect(canary.verdict).toEqual({ refused: refusal('HTTP 404'), count: 10 });
  });

  it.each([
    ['one is answered', (canary: Canary) => canary.take(1, 0, times(9, refusal('HTTP 404')))],
    ['one fails in a way that may pass', (canary: Canary) => canary.take(0, 1, times(9, refusal('HTTP 404')))],
    ['two fail in different ways', (canary: Canary) => canary.take(0, 0, [refusal('HTTP 404'), refusal('HTTP 400')])],
    ['its child died', (canary: Canary) => canary.pass()],
  ])('passes where %s', (_how, happen) => {
    const canary = sent(10);
    happen(canary);
    expect(canary.verdict).toBe('passed');
    expect(canary.grantable).toBe(Number.POSITIVE_INFINITY);
  });

  it('believes a few only where it can hardly be their own fault', () => {
    const unknown = sent(3);
    unknown.take(0, 0, times(3, refusal('HTTP 404')));
    expect(unknown.verdict).toBe('passed');
    const wrongToken = sent(1);
    wrongToken.take(0, 0, [refusal('HTTP 401', true)]);
    expect(wrongToken.verdict).toMatchObject({ count: 1 });
  });

  it('believes nobody where they may be all that are left, unless it can hardly be their own fault', () => {
    const again = new Canary(10, true);
    again.send(10);
    again.take(0, 0, times(10, refusal('HTTP 404')));
    expect(again.verdict).toBe('passed');
  });

  it('believes them on a resume that has much left to ask for, and not where they may be just the rest', () => {
    for (const isRest of [true, false]) {
      const resumed = new Canary(10, 'of_the_rest');
      resumed.send(10, isRest);
      resumed.take(0, 0, times(10, refusal('HTTP 404')));
      expect(resumed.verdict).toEqual(isRest ? 'passed' : { refused: refusal('HTTP 404'), count: 10 });
    }
  });

  it('is over at once where none is wanted, or the list has nobody', () => {
    expect(new Canary(0).verdict).toBe('passed');
    expect(sent(0).verdict).toBe('passed');
  });

  it('judges by what it has, where some of it cost no request', () => {
    const canary = sent(10);
    canary.take(0, 0, times(7, refusal('HTTP 401', true)));
    canary.end();
    expect(canary.verdict).toMatchObject({ count: 7 });
    const silent = sent(10);
    silent.end();
    expect(silent.verdict).toBe('passed');
  });

  it('lets no more begin than it needs', () => {
    const canary = sent(10);
    canary.countGranted(10);
    expect(canary.grantable).toBe(10);
    canary.countGranted(10);
    expect(canary.grantable).toBe(0);
  });
});
