import { describe, expect, it } from 'vitest';
import type { FlowMessage } from '../channel/protocol.ts';
import { SimulatedClock } from '../simulate/clock.ts';
import { Permits } from './permits.ts';

/** Permits in simulated time, and what they asked for; `begun` says when each request began. */
function scene() {
  const clock = new SimulatedClock();
  const asked: [number, number][] = [];
  const missed: number[] = [];
  const wantedAhead: number[] = [];
  const begun: number[] = [];
  const permits = new Permits({
    nowMs: () => clock.nowMs,
    wake: (delayMs, call) => clock.after(delayMs, call),
    soon: (call) => clock.after(0, call),
    ask: ({ epoch, asked: count, ahead, missed: missedNow }) => {
      asked.push([epoch, count]);
      wantedAhead.push(ahead);
      missed.push(missedNow);
    },
  });
  const give = (startsMs: number[], aheadMs: number[] = [], epoch = 1) =>
    permits.give({ type: 'permits', epoch, startsMs, aheadMs });
  const flow = (change: Partial<FlowMessage>): FlowMessage => ({
    type: 'flow',
    epoch: 1,
    inFlight: 4,
    needsPermits: true,
    reportMs: 100,
    ...change,
  });
  const wait = (count: number) => {
    for (let i = 0; i < count; i += 1) permits.wait(() => begun.push(clock.nowMs));
  };
  return { clock, asked, missed, wantedAhead, begun, permits, flow, wait, give };
}

describe('Permits', () => {
  it('lets nobody begin before the first word of the parent, nor where this child has no share', () => {
    const { clock, begun, permits, flow, wait } = scene();
    wait(2);
    clock.runUntil(10);
    permits.take(flow({ inFlight: 0, needsPermits: false }));
    clock.runUntil(20);
    expect(begun).toEqual([]);
    permits.take(flow({ needsPermits: false }));
    expect(begun).toEqual([20, 20]);
    expect(permits.begin()).toBe(true);
  });

  it('asks once for all who wait, and lets each begin at the time of a permit', () => {
    const { clock, asked, begun, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(3);
    clock.runUntil(1);
    expect(asked).toEqual([[1, 3]]);
    give([5, 15]);
    clock.runUntil(100);
    expect(begun).toEqual([5, 15]);
    wait(1);
    clock.runUntil(101);
    expect(asked.at(-1)).toEqual([1, 4]);
  });

  it('makes all void with a new epoch, and asks anew', () => {
    const { clock, asked, begun, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(2);
    give([50, 60]);
    permits.take(flow({ epoch: 2 }));
    give([55]);
    clock.runUntil(100);
    expect(begun).toEqual([]);
    expect(asked).toEqual([[2, 2]]);
  });

  it('tells of permits that became void, before and after a limited answer, as of those that were missed', () => {
    const { clock, missed, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(3);
    clock.runUntil(1);
    give([50, 60], [70]);
    permits.hold();
    give([80]);
    permits.take(flow({ epoch: 2 }));
    clock.runUntil(2);
    expect(missed).toEqual([0, 3]);
  });

  it('does not do in a moment what it could not do while it had no share', () => {
    const { clock, asked, missed, begun, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(4);
    clock.runUntil(1);
    give([100, 200, 300, 400]);
    permits.take(flow({ inFlight: 0 }));
    clock.runUntil(350);
    permits.take(flow({}));
    clock.runUntil(500);
    expect(begun).toEqual([400]);
    expect(asked.at(-1)).toEqual([1, 7]);
    expect(missed.slice(0, 2)).toEqual([0, 3]);
  });

  it('does not do in a moment what it missed while it stood still', () => {
    const { clock, asked, missed, begun, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(2);
    clock.runUntil(5000);
    give([100, 4960]);
    clock.runUntil(5001);
    expect(begun).toEqual([5000]);
    expect(asked.at(-1)).toEqual([1, 3]);
    expect(missed).toEqual([0, 1]);
  });

  it('tells of a permit that was used for nothing, as of one that was missed', () => {
    const { clock, begun, missed, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    wait(1);
    give([10]);
    clock.runUntil(20);
    expect(begun).toEqual([10]);
    permits.miss();
    wait(1);
    clock.runUntil(30);
    expect(missed).toEqual([0, 1]);
  });

  it('holds after a limited answer until the parent has said what it means, but where it would have to ask anyway', () => {
    const { clock, begun, permits, flow, wait, give } = scene();
    permits.take(flow({ needsPermits: false }));
    permits.hold();
    wait(1);
    clock.runUntil(10);
    expect(begun).toEqual([]);
    permits.take(flow({ epoch: 2 }));
    permits.hold();
    give([20], [], 2);
    clock.runUntil(30);
    expect(begun).toEqual([20]);
  });

  it('asks in advance for as many as it used in the time before, and again when few of them are left', () => {
    const { clock, asked, wantedAhead, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    for (let ms = 1; ms <= 40; ms += 1) {
      wait(2);
      clock.runUntil(ms);
      give([ms, ms]);
    }
    wait(1);
    clock.runUntil(41);
    expect(wantedAhead).toContain(200);
    give([41], [41, 41.1, 41.2, 41.3, 41.4, 41.5, 41.6, 41.7]);
    const before = asked.length;
    clock.runUntil(50);
    for (let i = 0; i < 5; i += 1) expect(permits.begin()).toBe(true);
    clock.runUntil(51);
    expect(asked).toHaveLength(before);
    expect(permits.begin()).toBe(true);
    clock.runUntil(52);
    expect(asked).toHaveLength(before + 1);
    expect(asked.at(-1)).toEqual(asked.at(-2));
    expect(wantedAhead.at(-1)).toBeGreaterThan(100);
  });

  it('lets no request begin by a permit in advance before its time, nor 100 ms later', () => {
    const { clock, missed, permits, flow, wait, give } = scene();
    permits.take(flow({}));
    give([], [10, 11, 12]);
    clock.runUntil(5);
    expect(permits.begin()).toBe(false);
    clock.runUntil(111);
    expect([permits.begin(), permits.begin(), permits.begin()]).toEqual([true, true, false]);
    wait(1);
    clock.runUntil(120);
    expect(missed).toEqual([0]);
  });

  it('begins nothing by permits in advance once the endpoint has said that it is too much', () => {
    const { permits, flow, give } = scene();
    permits.take(flow({}));
    give([], [0, 0]);
    permits.hold();
    expect(permits.begin()).toBe(false);
  });
});
