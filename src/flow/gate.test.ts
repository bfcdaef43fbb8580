import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../channel/latency-histogram.ts';
import type { ResultsMessage, Sign } from '../channel/protocol.ts';
import { Gate } from './gate.ts';
import type { GateSettings } from './gate-terms.ts';

const SETTINGS: GateSettings = {
  processCount: 2,
  requestsPerProcess: 10,
  perSecond: Number.POSITIVE_INFINITY,
  isAdaptive: false,
  canary: 0,
  patienceMs: 600_000,
};

const NOTHING: ResultsMessage = {
  type: 'results',
  ...{ signs: {}, firsts: {}, failures: {}, read: 0, mayPass: 0, own: 0, refusals: [] },
  latencies: new LatencyHistogram().counts(),
  inFlight: 0,
  lagMs: 0,
};

const results = (signs: Partial<Record<Sign, number>>, more: Partial<ResultsMessage> = {}): ResultsMessage => ({
  ...NOTHING,
  ...{ signs, firsts: signs },
  ...more,
});

/** A gate with two busy children, `a` and `b`. */
function gateOf(settings: Partial<GateSettings> = {}) {
  const gate = new Gate<string>({ ...SETTINGS, ...settings }, 0, () => 0);
  for (const child of ['a', 'b']) gate.join(child);
  let epoch = 1;
  /** A turn, and the children that got permits in it. */
  const granted = (nowMs: number): string[] => {
    const { send } = gate.turn(nowMs, () => true);
    for (const { message } of send) epoch = message.epoch;
    return send.flatMap(({ child, message }) => (message.type === 'permits' ? [child] : []));
  };
  granted(0);
  const wants = (child: string, asked: number, missed = 0) => {
    gate.takeWants(child, { type: 'wants', epoch, asked, ahead: 0, missed });
  };
  return { gate, granted, wants };
}

describe('Gate', () => {
  it('sends another probe where the child that had the last one missed its time', () => {
    const { gate, granted, wants } = gateOf();
    gate.takeResults('a', results({ down: 10 }), 0);
    expect(granted(0)).toEqual([]);
    wants('a', 1);
    expect(granted(1000)).toEqual(['a']);
    wants('b', 1);
    expect(granted(9000)).toEqual([]);
    wants('a', 2, 1);
    expect(granted(9001)).toHaveLength(1);
  });

  it('sends another probe where a used up quota made the permit of the last one void', () => {
    const { gate, granted, wants } = gateOf();
    gate.takeResults('a', results({ down: 10 }), 0);
    granted(0);
    wants('a', 1);
    expect(granted(1000)).toEqual(['a']);
    gate.takeResults('b', results({ down: 1 }, { quota: { remaining: 0, resetMs: 2000 } }), 1001);
    granted(1001);
    wants('a', 1);
    expect(granted(3001)).toEqual(['a']);
  });

  it('gives a permit to no child that has no share at the moment, and one to it in its turn', () => {
    const { granted, wants } = gateOf({ processCount: 1, requestsPerProcess: 1, perSecond: 1000 });
    wants('a', 1);
    wants('b', 1);
    const turns = [granted(0), granted(100), granted(500), granted(600)];
    expect(turns.map((children) => children.length)).toEqual([1, 0, 1, 0]);
    expect(turns.flat().sort()).toEqual(['a', 'b']);
  });

  it('counts for the canary no permits that were missed', () => {
    const { gate, granted, wants } = gateOf({ canary: 2 });
    gate.sendCanary(2);
    granted(0);
    wants('a', 2);
    expect(granted(0)).toEqual(['a']);
    wants('a', 4, 2);
    expect(granted(3000)).toEqual(['a']);
    wants('a', 6, 2);
    expect(granted(6000)).toEqual(['a']);
  });

  it('has permits for all of a canary, however often those before are asked again', () => {
    const { gate, granted, wants } = gateOf({ canary: 2 });
    gate.sendCanary(2);
    granted(0);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      wants('a', attempt);
      expect(granted(attempt)).toEqual(['a']);
      const firsts = attempt === 1 ? { down: 1 } : {};
      gate.takeResults('a', results({ down: 1 }, { firsts }), attempt);
    }
  });

  it('makes permits of a higher rate void where the rate is lowered while a run is on', () => {
    const { gate } = gateOf({ perSecond: 1000 });
    gate.takeWants('a', { type: 'wants', epoch: 2, asked: 400, ahead: 0, missed: 0 });
    const startsOf = (nowMs: number): [number, number[]][] =>
      gate
        .turn(nowMs, () => true)
        .send.flatMap(({ message }) => (message.type === 'permits' ? [[message.epoch, message.startsMs]] : []));
    expect(startsOf(0)).toMatchObject([[2, { length: 400 }]]);
    gate.change({ ...SETTINGS, perSecond: 10 }, 50);
    gate.takeWants('a', { type: 'wants', epoch: 3, asked: 400, ahead: 0, missed: 350 });
    expect(startsOf(50)).toEqual([[3, [150, 250, 350, 450, 550]]]);
  });
});
