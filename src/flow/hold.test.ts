import { describe, expect, it } from 'vitest';
import { Hold } from './hold.ts';

const hold = (patienceMs = 600_000, random = 0) => new Hold(patienceMs, () => random);

describe('Hold', () => {
  it('lasts as long as the endpoint asks, never shorter', () => {
    const held = hold();
    expect(held.limited(2000, 100)).toEqual({ untilMs: 2100, isNew: true, isTooLong: false });
    expect(held.isOn(2099)).toBe(true);
    expect(held.isOn(2100)).toBe(false);
  });

  it('takes those that come in meanwhile as the same event, and keeps to the longest wait', () => {
    const held = hold();
    held.limited(2000, 0);
    expect(held.limited(500, 10)).toEqual({ untilMs: 2000, isNew: false, isTooLong: false });
    expect(held.limited(3000, 20)).toEqual({ untilMs: 3020, isNew: false, isTooLong: false });
    expect(held.limited(undefined, 30)).toEqual({ untilMs: 3020, isNew: false, isTooLong: false });
  });

  it('grows where nothing is said, with jitter, up to a minute, and begins anew after another answer', () => {
    const held = hold(1e9);
    let nowMs = 0;
    const next = () => {
      const { untilMs } = held.limited(undefined, nowMs);
      const ms = untilMs - nowMs;
      nowMs = untilMs;
      return ms;
    };
    expect(Array.from({ length: 9 }, next)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    held.answered(nowMs);
    expect(next()).toBe(250);
    expect(hold(1e9, 0.5).limited(undefined, 0).untilMs).toBe(375);
  });

  it('is not ended by answers to what was asked before it', () => {
    const held = hold();
    held.limited(undefined, 0);
    held.answered(1);
    expect(held.limited(undefined, 1000).untilMs).toBe(1500);
  });

  it('is too long where one wait is, or many without another answer between them', () => {
    expect(hold(600_000).limited(600_001, 0).isTooLong).toBe(true);
    const held = hold(10_000);
    const waits = Array.from({ length: 6 }, (_, i) => held.limited(2000, i * 2000).isTooLong);
    expect(waits).toEqual([false, false, false, false, false, true]);
    const better = hold(10_000);
    for (let i = 0; i < 5; i += 1) better.limited(2000, i * 2000);
    better.answered(10_000);
    expect(better.limited(2000, 10_001).isTooLong).toBe(false);
  });
});
