import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';
import { expectedTotal, type ProgressFacts } from './progress-facts.ts';
import { type Line, progressLines, widthOf } from './progress-lines.ts';
import { leftText, progressText, rateText } from './progress-words.ts';
import { progressKind, wantsColours } from './show-progress.ts';

const FACTS: ProgressFacts = {
  done: 412_907,
  failed: 212,
  failures: { timeout: 12, http_5xx: 200 },
  read: 413_000,
  list: { bytesRead: 413, totalBytes: 1000, isAtEnd: false },
  inFlight: 63,
  bound: 'held until 02:14:05: the endpoint asked for it',
  children: [
    { pid: 4711, state: 'working', inFlight: 16 },
    { pid: 4712, state: 'starting', inFlight: 0 },
  ],
};

/** A pace of so many a second, for 100 s. */
function steadyPace(rate = 2000, total = 1_000_000): Pace {
  const pace = new Pace(0, FACTS.done - rate * 100);
  for (let second = 1; second <= 100; second += 1)
    pace.update(second * 1000, FACTS.done - rate * (100 - second), total);
  return pace;
}

const texts = (lines: readonly Line[]): string[] => lines.map((line) => line.map(({ text }) => text).join(''));

describe('expectedTotal', () => {
  const done = 0;
  it('is estimated from the bytes read until the end of the list is known', () => {
    expect(expectedTotal({ read: 100, done, list: { bytesRead: 1000, totalBytes: 10_000, isAtEnd: false } })).toBe(
      1000,
    );
    expect(expectedTotal({ read: 123, done, list: { bytesRead: 1, totalBytes: 1, isAtEnd: true } })).toBe(123);
    expect(
      expectedTotal({ read: 9, done, list: { bytesRead: 9, totalBytes: undefined, isAtEnd: false } }),
    ).toBeUndefined();
  });

  it('is never less than what is settled, as it would be early in a run that was taken up again', () => {
    expect(expectedTotal({ read: 10, done: 800, list: { bytesRead: 10, totalBytes: 100, isAtEnd: false } })).toBe(800);
  });
});

describe('Pace', () => {
  it('of a steady run is its rate, and the time left falls as time passes', () => {
    const pace = steadyPace(2000, 1_000_000);
    expect(pace.now).toBeCloseTo(2000);
    expect(pace.overall).toBeCloseTo(2000);
    expect(pace.leftMs).toBeCloseTo(((1_000_000 - 412_907) * 1000) / 2000, -1);
  });

  it('counts what was settled before this start of the run neither as fast nor as slow', () => {
    const pace = new Pace(0, 500_000);
    pace.update(1000, 500_100, 600_000);
    expect([pace.now, pace.overall]).toEqual([100, 100]);
  });

  it('lets the time left move slowly where the rate breaks in, and reach what is true', () => {
    const pace = steadyPace(2000, 1_000_000);
    const before = pace.leftMs ?? 0;
    let done = FACTS.done;
    let at = 100_000;
    const step = () => {
      at += 250;
      done += 250;
      pace.update(at, done, 1_000_000);
    };
    step();
    expect(Math.abs((pace.leftMs ?? 0) - before)).toBeLessThan(before * 0.02);
    while (at < 400_000) step();
    expect(pace.leftMs).toBeCloseTo(1_000_000 - done, -5);
  });

  it('stays between what was measured, whatever comes', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(10_000)), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(steps, (some) => {
        const pace = new Pace(0, 0);
        let [at, done] = [0, 0];
        const rates = some.map(([ms, more]) => {
          at += ms;
          done += more;
          pace.update(at, done, done + 1000);
          return (more * 1000) / ms;
        });
        for (const rate of [pace.now, pace.overall]) {
          expect(rate).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-6);
          expect(rate).toBeLessThanOrEqual(Math.max(...rates) + 1e-6);
        }
        expect(pace.leftMs ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('says no time left where nothing is known, nothing comes, or it has only just begun', () => {
    const leftAfter = (ms: number, done: number, total: number | undefined) => {
      const pace = new Pace(0, 0);
      pace.update(ms, done, total);
      return pace.leftMs;
    };
    expect(leftAfter(10_000, 10, undefined)).toBeUndefined();
    expect(leftAfter(10_000, 0, 100)).toBeUndefined();
    expect(leftAfter(1000, 10, 100)).toBeUndefined();
    expect(leftAfter(10_000, 10, 100)).toBeCloseTo(90_000);
  });
});

describe('progressLines', () => {
  it('at 80 columns are a few lines with all that there is to know', () => {
    expect(texts(progressLines(FACTS, steadyPace(), 79))).toEqual([
      '#########...............  412,907 of ~1,000,000 (41 %)  4 min 54 s left',
      '2,000/s now  2,000/s overall  63 in flight',
      'held until 02:14:05: the endpoint asked for it',
      '212 failed: http_5xx 200, timeout 12',
      'children  4711: 16  4712: starting',
    ]);
  });

  it('at 40 columns break where they are too long', () => {
    expect(texts(progressLines(FACTS, steadyPace(), 39))).toEqual([
      '#####........',
      '412,907 of ~1,000,000 (41 %)',
      '4 min 54 s left',
      '2,000/s now  2,000/s overall',
      '63 in flight',
      'held until 02:14:05: the endpoint asked',
      'for it',
      '212 failed: http_5xx 200, timeout 12',
      'children  4711: 16  4712: starting',
    ]);
  });

  it('count the children by state where they are many', () => {
    const children = Array.from({ length: 200 }, (_, i) => ({
      pid: 40_000 + i,
      state: i < 3 ? 'starting' : 'working',
      inFlight: 16,
    }));
    expect(texts(progressLines({ ...FACTS, children }, steadyPace(), 79)).at(-1)).toBe(
      'children  3 starting  197 working',
    );
  });

  it('are never wider than there is room, whatever it is', () => {
    const pace = steadyPace();
    for (let width = 1; width < 120; width += 1) {
      for (const line of progressLines(FACTS, pace, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });
});

describe('words', () => {
  it('say times to come no finer than they can be known', () => {
    const times = [400, 59_001, 276_000, 600_000, 3_599_000, 7_500_000, 200_000_000];
    expect(times.map(leftText)).toEqual([
      '1 s',
      '1 min 00 s',
      '4 min 36 s',
      '10 min',
      '59 min',
      '2 h 05 min',
      '2 days',
    ]);
    expect([0, 4.26, 9.99, 2131.4].map(rateText)).toEqual(['0.0/s', '4.3/s', '10.0/s', '2,131/s']);
  });

  it('say all in one plain line where it is redirected', () => {
    expect(progressText(FACTS, steadyPace())).toBe(
      '412,907 of ~1,000,000 (41 %), 2,000/s now, 2,000/s overall, 212 failed (http_5xx 200, timeout 12), 63 in flight (held until 02:14:05: the endpoint asked for it), 4 min 54 s left',
    );
  });
});

describe('progressKind', () => {
  it('draws on a terminal that can, says lines on one that cannot, and is silent elsewhere unless asked', () => {
    expect(progressKind(true, false, { TERM: 'xterm' })).toBe('drawn');
    expect(progressKind(true, false, { TERM: 'dumb' })).toBe('said');
    expect(progressKind(true, false, { TERM: 'xterm', CI: 'true' })).toBe('said');
    expect(progressKind(true, false, { CI: '' })).toBe('drawn');
    expect(progressKind(false, false, {})).toBe('none');
    expect(progressKind(false, true, {})).toBe('said');
    expect([wantsColours({}), wantsColours({ NO_COLOR: '' }), wantsColours({ NO_COLOR: '0' })]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
