import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

const opened = (patienceMs = 600_000): Breaker => {
  const breaker = new Breaker(patienceMs);
  breaker.takeFirsts(10, 0, 0);
  return breaker;
};

describe('Breaker', () => {
  it('opens when almost all of the last first attempts failed, and by ten at least', () => {
    const breaker = new Breaker(1000);
    expect(breaker.takeFirsts(9, 0, 0)).toBe(false);
    expect(breaker.takeFirsts(1, 0, 0)).toBe(true);
    expect(breaker.isOpen).toBe(true);
  });

  it('stays closed where some are answered', () => {
    const breaker = new Breaker(1000);
    for (let i = 0; i < 1000; i += 1) expect(breaker.takeFirsts(4, 1, i)).toBe(false);
  });

  it('opens soon after a long time in which all was well', () => {
    const breaker = new Breaker(1000);
    breaker.takeFirsts(0, 100_000, 0);
    expect(breaker.takeFirsts(28, 0, 1)).toBe(false);
    expect(breaker.takeFirsts(1, 0, 2)).toBe(true);
  });

  it('opens after ten failures in a row where few are asked for, and nobody was answered for ten seconds', () => {
    const breaker = new Breaker(1000);
    breaker.takeFirsts(0, 30, 0);
    breaker.answered(4000);
    for (let second = 5; second < 14; second += 1) expect(breaker.takeFirsts(1, 0, second * 1000)).toBe(false);
    expect(breaker.takeFirsts(1, 0, 14_000)).toBe(true);
  });

  it('stays closed while a further attempt is answered now and then, though ten first ones failed in a row', () => {
    const breaker = new Breaker(1000);
    breaker.takeFirsts(0, 30, 0);
    for (let second = 1; second <= 25; second += 1) {
      expect(breaker.takeFirsts(1, 0, second * 1000)).toBe(false);
      if (second % 5 === 0) breaker.answered(second * 1000);
    }
  });

  it('probes one at a time, at growing intervals up to half a minute', () => {
    const breaker = opened();
    const pauses: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 7; i += 1) {
      pauses.push(breaker.nextProbeMs - nowMs);
      nowMs = breaker.nextProbeMs;
      breaker.probe();
      expect(breaker.nextProbeMs).toBe(Number.POSITIVE_INFINITY);
      breaker.takeProbe(1, 0, 0, nowMs);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('closes with an answer to anybody, and knows when nobody wants to wait any longer', () => {
    const breaker = opened(5000);
    expect(breaker.impatientMs).toBe(5000);
    expect(breaker.takeProbe(0, 0, 1, 100)).toBe(true);
    expect(breaker.isOpen).toBe(false);
    expect(breaker.impatientMs).toBe(Number.POSITIVE_INFINITY);
    expect(breaker.takeFirsts(9, 0, 200)).toBe(false);
  });

  it('sends another probe where the child that had it is gone, or was told to wait', () => {
    const breaker = opened();
    breaker.probe();
    breaker.loseProbe();
    expect(breaker.nextProbeMs).toBe(1000);
    breaker.probe();
    breaker.takeProbe(0, 1, 0, 1500);
    expect(breaker.nextProbeMs).toBe(1000);
  });
});
