import { describe, expect, it } from 'vitest';
import type { FlowMessage } from '../channel/protocol.ts';
import { SimulatedClock } from '../simulate/clock.ts';
import { Permits } from './permits.ts';

/** Permits in simulated time, and what they asked for; `begun` says when each request began. */
function scene() {
  const clock = new SimulatedClock();
  const asked: [number, number][] = [];
  const missed: number[] = [];
  const begun: number[] = [];
  const permits = new Permits({
    nowMs: () => clock.nowMs,
    wake: (delayMs, call) => clock.after(delayMs, call),
    soon: (call) => clock.after(0, call),
    ask: (epoch, count, missedNow) => {
      asked.push([epoch, count]);
      missed.push(missedNow);
    },
  });
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
  return { clock, asked, missed, begun, permits, flow, wait };
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
    expect(permits.isFree).toBe(true);
  });

  it('asks once for all who wait, and lets each begin at the time of a permit', () => {
    const { clock, asked, begun, permits, flow, wait } = scene();
    permits.take(flow({}));
    wait(3);
    clock.runUntil(1);
    expect(asked).toEqual([[1, 3]]);
    permits.give({ type: 'permits', epoch: 1, startsMs: [5, 15] });
    clock.runUntil(100);
    expect(begun).toEqual([5, 15]);
    wait(1);
    clock.runUntil(101);
    expect(asked.at(-1)).toEqual([1, 4]);
  });

  it('makes all void with a new epoch, and asks anew', () => {
    const { clock, asked, begun, permits, flow, wait } = scene();
    permits.take(flow({}));
    wait(2);
    permits.give({ type: 'permits', epoch: 1, startsMs: [50, 60] });
    permits.take(flow({ epoch: 2 }));
    permits.give({ type: 'permits', epoch: 1, startsMs: [55] });
    clock.runUntil(100);
    expect(begun).toEqual([]);
    expect(asked).toEqual([[2, 2]]);
  });

  it('does not do in a moment what it missed while it stood still', () => {
    const { clock, asked, missed, begun, permits, flow, wait } = scene();
    permits.take(flow({}));
    wait(2);
    clock.runUntil(5000);
    permits.give({ type: 'permits', epoch: 1, startsMs: [100, 4500] });
    clock.runUntil(5001);
    expect(begun).toEqual([5000]);
    expect(asked.at(-1)).toEqual([1, 3]);
    expect(missed).toEqual([0, 1]);
  });

  it('tells of a permit that was used for nothing, as of one that was missed', () => {
    const { clock, begun, missed, permits, flow, wait } = scene();
    permits.take(flow({}));
    wait(1);
    permits.give({ type: 'permits', epoch: 1, startsMs: [10] });
    clock.runUntil(20);
    expect(begun).toEqual([10]);
    permits.miss();
    wait(1);
    clock.runUntil(30);
    expect(missed).toEqual([0, 1]);
  });

  it('holds after a limited answer until the parent has said what it means, but where it would have to ask anyway', () => {
    const { clock, begun, permits, flow, wait } = scene();
    permits.take(flow({ needsPermits: false }));
    permits.hold();
    wait(1);
    clock.runUntil(10);
    expect(begun).toEqual([]);
    permits.take(flow({ epoch: 2 }));
    permits.hold();
    permits.give({ type: 'permits', epoch: 2, startsMs: [20] });
    clock.runUntil(30);
    expect(begun).toEqual([20]);
  });
});
