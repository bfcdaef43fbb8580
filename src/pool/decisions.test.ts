import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenWanted, planChunk } from './chunk-plan.ts';
import type { Death } from './forked-child.ts';
import { restartPauseMs } from './restart-policy.ts';
import { nextStep, suspect, UNSUSPECTED } from './suspicion.ts';

const death = (signal: NodeJS.Signals | null): Death => ({
  pid: 1,
  exitCode: signal ? null : 1,
  signal,
  lastWords: '',
  wasSilent: false,
});

describe('suspicion', () => {
  it('tries a row alone after one crash, and gives it up when it crashes a child alone', () => {
    const once = suspect(UNSUSPECTED, death('SIGABRT'), false);
    expect(nextStep(once, false)).toBe('alone');
    expect(nextStep(suspect(once, death(null), true), true)).toBe('give_up');
  });

  it('tries a row alone after two kills from outside, and gives it up only when they go on and on', () => {
    let suspicion = suspect(UNSUSPECTED, death('SIGKILL'), false);
    expect(nextStep(suspicion, false)).toBe('again');
    suspicion = suspect(suspicion, death('SIGKILL'), false);
    expect(nextStep(suspicion, false)).toBe('alone');
    for (const step of ['alone', 'alone', 'give_up']) {
      suspicion = suspect(suspicion, death('SIGKILL'), true);
      expect(nextStep(suspicion, true)).toBe(step);
    }
  });

  it('takes silence for a crash: who hangs a child twice, the second time alone, is given up', () => {
    const silence = { ...death('SIGKILL'), wasSilent: true };
    const once = suspect(UNSUSPECTED, silence, false);
    expect(nextStep(once, false)).toBe('alone');
    expect(nextStep(suspect(once, silence, true), true)).toBe('give_up');
  });

  it('gives nobody up in company, whatever happened before', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (crashes, kills) => {
        expect(nextStep({ crashes, kills, killsAlone: 0 }, false)).not.toBe('give_up');
      }),
    );
  });
});

describe('restartPauseMs', () => {
  it('does not pause for a first death, then ever longer, and ends', () => {
    const pauses = Array.from({ length: 30 }, (_, deaths) => restartPauseMs(deaths, 10));
    expect(pauses.slice(0, 4)).toEqual([0, 0, 100, 200]);
    expect(pauses[19]).toBe(10_000);
    expect(pauses[20]).toBeUndefined();
    expect(restartPauseMs(5, 1)).toBeUndefined();
  });
});

const facts = fc.record({
  chunkSize: fc.integer({ min: 1, max: 1000 }),
  requestsPerProcess: fc.integer({ min: 1, max: 256 }),
  processCount: fc.integer({ min: 1, max: 64 }),
  queued: fc.nat(10_000),
  isTail: fc.boolean(),
});

describe('planChunk', () => {
  it('never plans an empty chunk, one larger than asked for, or one that no window has room for', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { rows, window } = planChunk(given);
        expect(rows).toBeGreaterThan(0);
        expect(rows).toBeLessThanOrEqual(given.chunkSize);
        expect(rows).toBeLessThanOrEqual(window);
        expect(window).toBeGreaterThanOrEqual(given.requestsPerProcess);
      }),
    );
  });

  it('hands the tail out in shares that leave something for every child', () => {
    const plan = planChunk({ chunkSize: 100, requestsPerProcess: 16, processCount: 4, queued: 80, isTail: true });
    expect(plan).toEqual({ rows: 10, window: 32 });
  });
});

describe('childrenWanted', () => {
  it('wants no more children than could each have a request in flight, and all of them before the end is known', () => {
    const given = { chunkSize: 100, requestsPerProcess: 16, processCount: 10, queued: 20, isTail: true };
    expect(childrenWanted(given, 0)).toBe(2);
    expect(childrenWanted({ ...given, queued: 0 }, 0)).toBe(0);
    expect(childrenWanted({ ...given, isTail: false }, 0)).toBe(10);
  });
});
