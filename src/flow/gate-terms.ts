import type { FlowMessage, LogLevel, PermitsMessage } from '../channel/protocol.ts';
import type { ExpectsRefusals } from './canary.ts';

/** What the gate goes by. */
export interface GateSettings {
  processCount: number;
  requestsPerProcess: number;
  /** Requests a second over all children; infinite for no limit. */
  perSecond: number;
  isAdaptive: boolean;
  /** Customers that are asked for before all others. */
  canary: number;
  expectsRefusals?: ExpectsRefusals;
  patienceMs: number;
}

/** What keeps the requests from being more, or quicker. */
export type Bound = 'outage' | 'hold' | 'canary' | 'quota' | 'endpoint' | 'rate_limit' | 'bounds';

/** What the gate holds to at a time. */
export interface GateState {
  /** Requests that may be in flight, those that are, and those that the settings allow. */
  mayFly: number;
  inFlight: number;
  maxInFlight: number;
  /** What the last comes from. */
  processCount: number;
  requestsPerProcess: number;
  /** True while it is still being found out how many the endpoint takes. */
  isStarting: boolean;
  /** Requests a second that may be made; infinite for no limit. */
  perSecond: number;
  /** How long nobody may ask yet. */
  heldMs: number;
  boundBy: Bound;
}

/** What whoever has the gate does next. */
export interface GateTurn<Child> {
  send: { child: Child; message: FlowMessage | PermitsMessage }[];
  /** The gate wants another turn then at the latest; infinite where nothing is planned. */
  nextMs: number;
  notes: { kind: 'held' | 'breaker'; level: LogLevel; message: string }[];
  /** The run cannot go on, for this reason. */
  stop: string | undefined;
}
