import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeadlineWatch, deadlineOf, nextTimeOfDay, whenPassed } from './deadline.ts';

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
  vi.useRealTimers();
});

/** The next time of day in a time zone, as ISO 8601 in UTC. */
function next(zone: string, timeOfDay: string, from: string): string {
  process.env.TZ = zone;
  return new Date(nextTimeOfDay(timeOfDay, new Date(from))).toISOString();
}

describe('nextTimeOfDay', () => {
  it('is today where the time is still to come, and else tomorrow', () => {
    expect(next('Europe/Berlin', '06:00', '2026-01-31T01:00:00Z')).toBe('2026-01-31T05:00:00.000Z');
    expect(next('Europe/Berlin', '06:00', '2026-01-31T05:00:00Z')).toBe('2026-02-01T05:00:00.000Z');
    expect(next('Europe/Berlin', '06:00', '2026-01-31T04:59:59Z')).toBe('2026-01-31T05:00:00.000Z');
    expect(next('Asia/Kathmandu', '00:00', '2026-01-31T12:00:00Z')).toBe('2026-01-31T18:15:00.000Z');
  });

  it('is the moment at which the clock is put forward, where that leaves the time out', () => {
    expect(next('Europe/Berlin', '02:30', '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('Europe/Berlin', '06:00', '2026-03-28T22:00:00Z')).toBe('2026-03-29T04:00:00.000Z');
    // Midnight itself is left out.
    expect(next('America/Asuncion', '00:00', '2023-09-30T22:00:00Z')).toBe('2023-10-01T04:00:00.000Z');
  });

  it('is the next of the two where the clock is put back and shows the time twice', () => {
    expect(next('Europe/Berlin', '02:30', '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('Europe/Berlin', '02:30', '2026-10-25T00:45:00Z')).toBe('2026-10-25T01:30:00.000Z');
    expect(next('Europe/Berlin', '02:30', '2026-10-25T01:45:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('lies after the start, within 25 hours, and shows the time wherever no clock is put', () => {
    process.env.TZ = 'UTC';
    fc.assert(
      fc.property(
        fc.nat(1439),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (minute, from) => {
          const text = new Date(minute * 60_000).toISOString().slice(11, 16);
          const at = nextTimeOfDay(text, from);
          expect(at).toBeGreaterThan(from.getTime());
          expect(at - from.getTime()).toBeLessThanOrEqual(86_400_000);
          expect(new Date(at).toISOString().slice(11)).toBe(`${text}:00.000Z`);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('deadlineOf', () => {
  const startedAt = new Date('2026-01-31T02:00:00Z');

  it('is the earlier of stop_at and max_duration, and says which it was', () => {
    process.env.TZ = 'UTC';
    const at = (hours: number) => startedAt.getTime() + hours * 3_600_000;
    expect(deadlineOf({ stop_at: null, max_duration: null }, startedAt)).toBeUndefined();
    const atSix = { at: at(4), why: 'stopped at 06:00, as stop_at says' };
    expect(deadlineOf({ stop_at: '06:00', max_duration: null }, startedAt)).toEqual(atSix);
    expect(deadlineOf({ stop_at: '06:00', max_duration: '5h' }, startedAt)).toEqual(atSix);
    const afterThree = { at: at(3), why: 'stopped after 3h, as max_duration says' };
    expect(deadlineOf({ stop_at: '06:00', max_duration: '3h' }, startedAt)).toEqual(afterThree);
  });
});

describe('whenPassed', () => {
  it('goes by the clock: one that is put forward meanwhile has passed it', async () => {
    vi.useFakeTimers({ now: 0 });
    const onPassed = vi.fn();
    whenPassed({ at: 3_600_000, why: '' }, () => new Date(), onPassed);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onPassed).not.toHaveBeenCalled();
    vi.setSystemTime(3_600_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onPassed).toHaveBeenCalledOnce();
  });

  it('waits no longer once nobody wants to know', async () => {
    vi.useFakeTimers({ now: 0 });
    const onPassed = vi.fn();
    const end = whenPassed({ at: 5000, why: '' }, () => new Date(), onPassed);
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onPassed).not.toHaveBeenCalled();
  });
});

describe('DeadlineWatch', () => {
  it('waits for the deadline that was set last, counted from the start of the run, and for none where there is none', () => {
    vi.useFakeTimers({ now: new Date('2026-01-31T01:00:00Z') });
    const passed: string[] = [];
    const watch = new DeadlineWatch(
      new Date(),
      () => new Date(),
      (why) => passed.push(why),
    );
    watch.set({ stop_at: null, max_duration: '1h' });
    vi.advanceTimersByTime(30 * 60_000);
    watch.set({ stop_at: null, max_duration: '2h' });
    vi.advanceTimersByTime(60 * 60_000);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(31 * 60_000);
    expect(passed).toEqual(['stopped after 2h, as max_duration says']);
    watch.set({ stop_at: null, max_duration: null });
    vi.advanceTimersByTime(24 * 3_600_000);
    expect(passed).toHaveLength(1);
  });
});
