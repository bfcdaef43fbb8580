import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../channel/latency-histogram.ts';
import { FlightControl } from './flight-control.ts';

/** What an endpoint gives at a number in flight: answers a second, how long each takes, and overload among them (0 to 1). */
type Endpoint = (inFlight: number) => { perSecond: number; latencyMs: number; overloaded?: number; lagMs?: number };

/** Lets a control meet an endpoint for some seconds, told of ten times a second; gives what it allows at the end. */
function meet(control: FlightControl, endpoint: Endpoint, fromSecond: number, toSecond: number): number {
  for (let nowMs = fromSecond * 1000 + 100; nowMs <= toSecond * 1000; nowMs += 100) {
    const { perSecond, latencyMs, overloaded = 0, lagMs = 0 } = endpoint(control.inFlight(nowMs));
    const latencies = new LatencyHistogram();
    const count = Math.round(perSecond / 10);
    const overload = Math.round(count * overloaded);
    for (let i = overload; i < count; i += 1) latencies.record(latencyMs);
    control.take({ well: count - overload, overload, latencies: latencies.counts(), lagMs }, nowMs);
  }
  return control.inFlight(toSecond * 1000);
}

/** A server with so many slots, 50 ms each, and an endless queue. */
const slots = (count: number): Endpoint => {
  return (inFlight) => ({ perSecond: Math.min(inFlight, count) * 20, latencyMs: 50 * Math.max(1, inFlight / count) });
};

describe('FlightControl', () => {
  it('begins with ten, doubles, and ends at its bounds where nothing speaks against it', () => {
    const control = new FlightControl(512, 0);
    expect(control.inFlight(0)).toBe(10);
    expect(meet(control, slots(1000), 0, 2)).toBe(512);
    expect(control.isStarting).toBe(false);
  });

  it('ends at its bounds at a quick endpoint, however late the children are on a busy machine', () => {
    const control = new FlightControl(64, 0);
    const noisy: Endpoint = (inFlight) => {
      const lagMs = 10 + 40 * Math.random();
      return { perSecond: 2000, latencyMs: 0.5 + inFlight / 100 + lagMs * 2, lagMs };
    };
    expect(meet(control, noisy, 0, 30)).toBe(64);
  });

  it('has not much more in flight than a server works at, where more would only wait there', () => {
    const inFlight = meet(new FlightControl(512, 0), slots(20), 0, 60);
    expect(inFlight).toBeGreaterThanOrEqual(20);
    expect(inFlight).toBeLessThan(60);
  });

  it('takes a slowness that fewer do not cure for the endpoint itself, and goes back', () => {
    const control = new FlightControl(40, 0);
    meet(control, slots(1000), 0, 5);
    const slower: Endpoint = (inFlight) => ({ perSecond: inFlight * 4, latencyMs: 250 });
    expect(meet(control, slower, 5, 30)).toBe(40);
  });

  it('has fewer where the endpoint cannot keep up, and keeps below where that was', () => {
    const control = new FlightControl(64, 0);
    const full: Endpoint = (inFlight) => ({
      perSecond: inFlight * 20,
      latencyMs: 50,
      overloaded: Math.max(0, inFlight - 40) / inFlight,
    });
    const inFlight = meet(control, full, 0, 60);
    expect(inFlight).toBeGreaterThan(28);
    expect(inFlight).toBeLessThan(50);
  });

  it('lives with overload answers that do not depend on how many are in flight', () => {
    const poisoned: Endpoint = (inFlight) => ({ perSecond: inFlight * 20, latencyMs: 50, overloaded: 0.05 });
    expect(meet(new FlightControl(64, 0), poisoned, 0, 90)).toBeGreaterThan(50);
  });
});
