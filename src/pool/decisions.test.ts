import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../source/customer-list.ts';
import { childrenWanted, planChunk } from './chunk-plan.ts';
import type { Death } from './forked-child.ts';
import { deathWeight, diedQuickly, restartPauseMs, restWords } from './restart-policy.ts';
import { sortHeld } from './sort-held.ts';
import { type NextStep, nextStep, suspect, UNSUSPECTED } from './suspicion.ts';

const death = (signal: NodeJS.Signals | null): Death => ({
  pid: 1,
  exitCode: signal ? null : 1,
  signal,
  lastWords: '',
  wasSilent: false,
});

/** What becomes of a row after such deaths in turn, each with whether the child held it alone. */
function stepsAfter(...deaths: [Death, boolean][]): NextStep[] {
  let suspicion = UNSUSPECTED;
  return deaths.map(([each, wasAlone]) => {
    suspicion = suspect(suspicion, each, wasAlone);
    return nextStep(suspicion, each);
  });
}

describe('suspicion', () => {
  const crash = death('SIGABRT');
  const kill = death('SIGKILL');

  it('tries a row in a group after one crash, alone after two, and gives it up when it crashes a child alone', () => {
    expect(stepsAfter([crash, false], [death(null), false], [crash, true])).toEqual(['in_group', 'alone', 'give_up']);
  });

  it('tries a row alone after two kills from outside, and gives it up only when they go on and on', () => {
    const kills = [false, false, true, true, true].map((wasAlone): [Death, boolean] => [kill, wasAlone]);
    expect(stepsAfter(...kills)).toEqual(['again', 'alone', 'alone', 'alone', 'give_up']);
    expect(stepsAfter([kill, false], [crash, false], [kill, true], [crash, true]).at(-1)).toBe('give_up');
  });

  it('C6, C7: takes silence for a crash', () => {
    const silence = { ...kill, wasSilent: true };
    expect(stepsAfter([silence, false], [silence, false], [silence, true])).toEqual(['in_group', 'alone', 'give_up']);
  });
});

const deaths = fc.record({
  pid: fc.nat(),
  exitCode: fc.option(fc.nat(255)),
  signal: fc.constantFrom(null, 'SIGABRT' as const, 'SIGKILL' as const, 'SIGTERM' as const),
  lastWords: fc.string(),
  wasSilent: fc.boolean(),
});
/** What rows can have gone through that were not given up yet. */
const suspicions = fc.oneof(
  fc.record({ deaths: fc.nat(2), crashesAlone: fc.constant(0), killsAlone: fc.constant(0) }),
  fc.nat(2).map((killsAlone) => ({ deaths: 2 + killsAlone, crashesAlone: 0, killsAlone })),
);

describe('sortHeld', () => {
  const row = (position: number): SourceRow => ({ position, line: position + 2, raw: '', values: [`c${position}`] });

  it('has each row go one way, gives nobody up in company, and keeps groups small', () => {
    fc.assert(
      fc.property(fc.array(suspicions, { maxLength: 300 }), deaths, (before, each) => {
        const rows = before.map((suspicion, position) => ({ row: row(position), suspicion, outages: 0 }));
        const { again, groups, alone, givenUp } = sortHeld(rows, each);
        const positions = [...again, ...groups.flat(), ...alone, ...givenUp].map((one) => one.row.position);
        expect(positions.toSorted((a, b) => a - b)).toEqual(rows.map((_, position) => position));
        if (rows.length > 1 || (before[0]?.deaths ?? 0) < 2) expect(givenUp).toEqual([]);
        const most = Math.ceil(Math.sqrt(rows.length));
        for (const group of groups) expect(group.length).toBeLessThanOrEqual(most);
        expect(groups.length).toBeLessThanOrEqual(most);
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

describe('diedQuickly', () => {
  it('takes for quick who settled nothing, however long it lived, and who lived for a few seconds only', () => {
    const life = { from: 1000, to: 61_000, ok: 0, failed: 0 };
    expect(diedQuickly(life)).toBe(true);
    expect(diedQuickly({ ...life, failed: 1 })).toBe(false);
    expect(diedQuickly({ ...life, ok: 500, to: 3000 })).toBe(true);
  });
});

describe('deathWeight', () => {
  it('counts a kill from outside least, and a customer that was found guilty for less than a crash in company', () => {
    const row = { position: 0, line: 2, raw: 'x', values: ['x'] };
    const inCompany = sortHeld([{ row, suspicion: UNSUSPECTED, outages: 0 }], death(null));
    const guilty = sortHeld([{ row, suspicion: { ...UNSUSPECTED, deaths: 2 }, outages: 0 }], death(null));
    expect(deathWeight(death(null), inCompany)).toBe(1);
    expect(deathWeight(death(null), guilty)).toBe(0.25);
    expect(deathWeight(death('SIGKILL'), inCompany)).toBe(0.1);
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
        const { rows, window, widest } = planChunk(given);
        expect(rows).toBeGreaterThan(0);
        expect(rows).toBeLessThanOrEqual(given.chunkSize);
        expect(rows).toBeLessThanOrEqual(window);
        expect(window).toBeGreaterThanOrEqual(given.requestsPerProcess);
        expect(widest).toBeGreaterThanOrEqual(window);
        expect(widest).toBeLessThanOrEqual(given.isTail ? window : Math.max(window, 12 * given.chunkSize));
      }),
    );
  });

  it('hands out in the tail at most half of a share of what is left, so that the last chunks are single rows', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { rows } = planChunk({ ...given, isTail: true });
        expect(rows).toBeLessThanOrEqual(Math.max(1, Math.ceil(given.queued / (2 * given.processCount))));
      }),
    );
  });

  it('hands the tail out in shares that leave something for every child', () => {
    const plan = planChunk({ chunkSize: 100, requestsPerProcess: 16, processCount: 4, queued: 80, isTail: true });
    expect(plan).toEqual({ rows: 10, window: 32, widest: 32 });
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

it('restWords tells a pause as people read it, whatever it was reckoned from', () => {
  expect(restWords(59.46, 1)).toBe(
    'The next child in that place begins in 0.1 s: 1 quick death there, one after another',
  );
  expect(restWords(10_000, 8)).toMatch(/ in 10 s: 8 quick deaths /);
});
