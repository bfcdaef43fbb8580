import type { FlowStats } from './flow-stats.ts';
import type { Bound, GateSettings } from './gate-terms.ts';

/** What a start of a run found its endpoint to be like. */
export interface FlowAccount {
  /** What kept it from asking more, at its end. */
  boundBy: Bound;
  maxInFlight: number;
  /** Times at which everybody was held, and times at which the endpoint was out of order. */
  holds: number;
  outages: number;
  /** Requests in flight and answers a second, as they were lately; absent where it was too short to say. */
  inFlight?: number;
  perSecond?: number;
  /** So many requests a child would have been enough; absent where the settings are not far above that. */
  wouldDo?: number;
}

/** Settings so much above what is needed are worth a word. */
const FAR_ABOVE = 1.5;

/** What the stats of a run amount to. */
export function flowAccountOf(
  { findings, holds, outages }: FlowStats,
  { processCount, requestsPerProcess }: Pick<GateSettings, 'processCount' | 'requestsPerProcess'>,
  boundBy: Bound,
): FlowAccount {
  const account = { boundBy, maxInFlight: processCount * requestsPerProcess, holds, outages };
  // Where hardly anybody is in flight the endpoint has shown nothing.
  if (findings === undefined || findings.inFlight < 0.5) return account;
  const inFlight = Math.round(findings.inFlight);
  const wouldDo = Math.max(1, Math.ceil(findings.inFlight / processCount));
  const isFarAbove = boundBy === 'endpoint' && requestsPerProcess > FAR_ABOVE * wouldDo;
  return { ...account, inFlight, perSecond: Math.round(findings.perSecond), ...(isFarAbove && { wouldDo }) };
}

/** The account in a line: `steady at 38 in flight, 412 requests a second; requests_per_process: 10 would do`. */
export function flowWords({ boundBy, inFlight, perSecond, wouldDo }: FlowAccount): string | undefined {
  if (boundBy !== 'endpoint' || inFlight === undefined || perSecond === undefined) return undefined;
  const advice = wouldDo === undefined ? '' : `; requests_per_process: ${wouldDo} would do`;
  return `steady at ${inFlight} in flight, ${perSecond.toLocaleString('en-US')} requests a second${advice}`;
}
