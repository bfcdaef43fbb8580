import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Restarts } from './restarts.ts';

const CRASH = { weight: 1, isQuick: true, areOthersWell: true };

/** Restarts of two processes; a well child stands in the first place. */
function sceneOfTwo() {
  let rested = 0;
  const told: [number, number][] = [];
  const restarts = new Restarts<string>({
    processCount: () => 2,
    onRest: (...what) => void told.push(what),
    onRested: () => (rested += 1),
  });
  restarts.fill('well');
  /** A child is forked beside the well one, which is at work all the time, and falls; gives how long nobody takes its place. */
  const pauseAfter = (fall: typeof CRASH): number => {
    expect(restarts.room(2, 1)).toBe(1);
    restarts.fill('sick');
    expect(restarts.fall('sick', fall)).toBe(true);
    let pausedMs = 0;
    for (; restarts.room(2, 1) === 0; pausedMs += 50) vi.advanceTimersByTime(50);
    return pausedMs;
  };
  return { restarts, pauseAfter, told, restedTimes: () => rested };
}

describe('Restarts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a place rest ever longer whose children die quickly, while the child beside it works', () => {
    const { pauseAfter, told, restedTimes } = sceneOfTwo();
    expect(Array.from({ length: 6 }, () => pauseAfter(CRASH))).toEqual([0, 100, 200, 400, 800, 1600]);
    expect(restedTimes()).toBe(5);
    expect(told.slice(0, 2)).toEqual([
      [100, 2],
      [200, 3],
    ]);
    expect(Array.from({ length: 6 }, () => pauseAfter(CRASH)).at(-1)).toBe(10_000);
  });

  it('forgets the deaths of a place once a child there has lived, and counts kills from outside for little', () => {
    const { pauseAfter } = sceneOfTwo();
    for (let i = 0; i < 4; i += 1) pauseAfter(CRASH);
    expect(pauseAfter({ ...CRASH, isQuick: false })).toBe(0);
    expect(Array.from({ length: 10 }, () => pauseAfter({ ...CRASH, weight: 0.1 })).some((ms) => ms > 0)).toBe(false);
  });

  it('has another child in a place that is well while one rests, and none beyond those', () => {
    const { restarts, pauseAfter } = sceneOfTwo();
    for (let i = 0; i < 3; i += 1) pauseAfter(CRASH);
    restarts.fill('sick');
    restarts.fall('sick', CRASH);
    restarts.settled();
    restarts.fall('well', { ...CRASH, isQuick: false, areOthersWell: false });
    expect(restarts.room(2, 0)).toBe(1);
    restarts.fill('well again');
    expect(restarts.room(2, 1)).toBe(0);
    restarts.close();
  });

  it('says when it is pointless: nobody settles a row, and one after another dies', () => {
    const restarts = new Restarts<number>({ processCount: () => 2, onRest: () => {}, onRested: () => {} });
    const falls = [0, 1, 2, 3, 4].map((child) => {
      restarts.fill(child);
      return restarts.fall(child, { ...CRASH, areOthersWell: false });
    });
    expect(falls).toEqual([true, true, true, true, false]);
    restarts.close();
  });
});
