import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermitDesk } from './permit-desk.ts';

/** A desk with the children `a` and `b`, and what they have asked for so far. */
function deskAt(perSecond: number) {
  const desk = new PermitDesk<string>();
  desk.perSecond = perSecond;
  const asked = new Map<string, number>();
  for (const child of ['a', 'b']) desk.join(child);
  const ask = (child: string, more: number, ahead = 0) => {
    asked.set(child, (asked.get(child) ?? 0) + more);
    desk.ask(child, { epoch: desk.epoch, asked: asked.get(child) ?? 0, ahead });
  };
  const grant = (nowMs: number) => Object.fromEntries(desk.grant(nowMs, Number.POSITIVE_INFINITY));
  return { desk, ask, grant };
}

describe('PermitDesk', () => {
  it('serves those who ask in turns, half a second ahead', () => {
    const { ask, grant } = deskAt(10);
    ask('a', 9);
    ask('b', 2);
    expect(grant(0)).toEqual({
      a: { startsMs: [0, 200, 400, 500], aheadMs: [] },
      b: { startsMs: [100, 300], aheadMs: [] },
    });
  });

  it('hands out in advance what nobody waits for, 1.6 % of a second at most, to each child its part', () => {
    const { ask, grant } = deskAt(1000);
    ask('a', 1, 3);
    ask('b', 0, 100);
    const { a, b } = grant(50);
    expect(a).toEqual({ startsMs: [50], aheadMs: [51, 53, 55] });
    expect(b?.aheadMs).toEqual([52, 54, 56, 57, 58, 59, 60, 61]);
  });

  it('hands out in advance nothing whose time has come already', () => {
    const { ask, grant } = deskAt(1000);
    ask('a', 1);
    grant(0);
    ask('a', 0, 2);
    expect(grant(15)).toEqual({ a: { startsMs: [], aheadMs: [15, 16] } });
  });

  it('makes up for no missed start while others may still be used late', () => {
    const { ask, grant } = deskAt(1000);
    ask('b', 0, 1);
    expect(grant(0)).toEqual({ b: { startsMs: [], aheadMs: [0] } });
    ask('a', 3);
    expect(grant(50)).toEqual({ a: { startsMs: [50, 51, 52], aheadMs: [] } });
    ask('a', 3);
    expect(grant(150)).toEqual({ a: { startsMs: [150, 150, 150], aheadMs: [] } });
  });

  it('hands out nothing in advance while somebody waits', () => {
    const { ask, grant } = deskAt(10);
    ask('b', 9);
    grant(0);
    ask('a', 0, 5);
    expect(grant(100)).toEqual({ b: { startsMs: [600], aheadMs: [] } });
  });

  it('hands out in advance only what was asked for just now', () => {
    const { ask, grant } = deskAt(10);
    ask('b', 1);
    ask('a', 0, 5);
    grant(0);
    expect(grant(1000)).toEqual({});
  });

  it('never gives more than its rate and 20 ms of it, in advance or not', () => {
    const step = fc.record({
      waitMs: fc.nat(60),
      child: fc.constantFrom('a', 'b'),
      more: fc.nat(9),
      ahead: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.array(step, { maxLength: 60 }), (rate, steps) => {
        const { ask, grant } = deskAt(rate);
        const starts: number[] = [];
        let nowMs = 0;
        for (const { waitMs, child, more, ahead } of steps) {
          nowMs += waitMs;
          ask(child, more, ahead);
          for (const { startsMs, aheadMs } of Object.values(grant(nowMs))) {
            starts.push(...startsMs, ...aheadMs);
            expect(Math.min(nowMs, ...aheadMs)).toBe(nowMs);
          }
        }
        starts.sort((one, other) => one - other);
        for (const [i, first] of starts.entries()) {
          const count = starts.length - i;
          expect(count).toBeLessThanOrEqual((((starts.at(-1) ?? first) - first + 20) * rate) / 1000 + 1.001);
        }
      }),
    );
  });
});
