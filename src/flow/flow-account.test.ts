import { expect, it } from 'vitest';
import { LatencyHistogram } from '../channel/latency-histogram.ts';
import { flowAccountOf, flowWords } from './flow-account.ts';
import { FlowStats } from './flow-stats.ts';

/** Stats of some seconds with so many answers of 92 ms in each. */
function statsOf(seconds: number, answers = 412): FlowStats {
  const stats = new FlowStats(0);
  for (let second = 0; second < seconds; second += 1) {
    const latencies = new LatencyHistogram();
    for (let i = 0; i < answers; i += 1) latencies.record(92);
    const nothing = { firsts: {}, failures: {}, inFlight: 0, lagMs: 0, read: 0, mayPass: 0, own: 0, refusals: [] };
    stats.take({ type: 'results', ...nothing, signs: { well: answers }, latencies: latencies.counts() }, second * 1000);
  }
  return stats;
}

const SETTINGS = { processCount: 4, requestsPerProcess: 16 };

it('says what was found, and what would do', () => {
  const account = flowAccountOf(statsOf(10), SETTINGS, 'endpoint');
  expect(account).toMatchObject({ inFlight: 38, perSecond: 412, wouldDo: 10, maxInFlight: 64 });
  expect(flowWords(account)).toBe('steady at 38 in flight, 412 requests a second; requests_per_process: 10 would do');
});

it('gives no advice where the settings are about right, and says nothing where the endpoint was not the bound', () => {
  const close = flowAccountOf(statsOf(10), { processCount: 4, requestsPerProcess: 12 }, 'endpoint');
  expect(flowWords(close)).toBe('steady at 38 in flight, 412 requests a second');
  expect(flowWords(flowAccountOf(statsOf(10), SETTINGS, 'bounds'))).toBeUndefined();
});

it('says nothing after a few seconds', () => {
  expect(flowWords(flowAccountOf(statsOf(3), SETTINGS, 'endpoint'))).toBeUndefined();
});

it('gives no advice where hardly anybody was asked', () => {
  expect(flowWords(flowAccountOf(statsOf(10, 3), SETTINGS, 'endpoint'))).toBeUndefined();
});
