import { describe, expect, it } from 'vitest';
import { RateControl } from './rate-control.ts';

/** A control that was answered at a rate for a while, then limited. */
const broken = (perSecond: number): RateControl => {
  const control = new RateControl(0);
  for (let ms = 0; ms < 2000; ms += 100) control.answered(perSecond / 10, ms);
  control.broke(2000, 2000);
  return control;
};

describe('RateControl', () => {
  it('has no limit before the first limited answer', () => {
    expect(new RateControl(0).perSecond(1e6)).toBe(Number.POSITIVE_INFINITY);
  });

  it('goes on just below what was answered, stays about there, and then goes beyond', () => {
    const control = broken(1000);
    const rates = [2000, 5000, 8000].map((ms) => Math.round(control.perSecond(ms)));
    expect(rates[0]).toBeGreaterThan(850);
    expect(rates[0]).toBeLessThan(1000);
    expect(rates[1]).toBeGreaterThan(rates[0] ?? 0);
    expect(rates[2]).toBeGreaterThan(rates[1] ?? 0);
  });

  it('takes what was answered between two breaks for what the endpoint gives', () => {
    const control = broken(1000);
    control.answered(600, 3000);
    control.broke(4000, 4000);
    expect(control.perSecond(4000)).toBeCloseTo(0.95 * 300, 0);
  });

  it('learns nothing from breaks between which nobody was answered but those in flight', () => {
    const control = new RateControl(0);
    for (let ms = 0; ms < 2000; ms += 100) control.answered(100, ms);
    control.broke(2000, 3000);
    const before = control.perSecond(3000);
    control.answered(16, 2050);
    control.broke(3001, 4000);
    control.broke(4001, 5000);
    expect(control.perSecond(5000)).toBeCloseTo(before, 6);
  });

  it("goes on as before where the last break was a single customer's own", () => {
    const control = broken(1000);
    const before = control.perSecond(4000);
    control.answered(300, 3900);
    control.broke(4000, 4000);
    expect(control.perSecond(4000)).toBeLessThan(0.5 * before);
    control.acquit();
    expect(control.perSecond(4000)).toBeCloseTo(before, 6);
    control.acquit();
    expect(control.perSecond(4000)).toBeCloseTo(before, 6);
  });

  it('forgets a limit that is far above what is asked anyway', () => {
    const control = broken(100);
    for (let ms = 2000; ms < 60_000; ms += 100) {
      control.answered(1, ms);
      control.perSecond(ms);
    }
    expect(control.perSecond(60_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
