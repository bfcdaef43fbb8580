import type { GateState } from '../flow/gate-terms.ts';
import { count, rateText } from './progress-words.ts';

/** What is known of what keeps the requests from being more. */
export interface BoundFacts {
  gate: Pick<
    GateState,
    'boundBy' | 'heldMs' | 'perSecond' | 'inFlight' | 'mayFly' | 'isStarting' | 'processCount' | 'requestsPerProcess'
  >;
  /** Customers whose output has come and is not written. */
  unwritten: number;
  /** Customers that are answered and wait for those before them in the list's order, where that is kept. */
  waiting: number;
  /** Customers that are read from the list and not settled; whether the list has no others. */
  open: number;
  isListRead: boolean;
  /** Children that cannot ask yet. */
  starting: number;
  /** True once nothing new is begun. */
  isStopping: boolean;
}

/** What keeps the requests from being more just now, in words; undefined where nothing is known that does. */
export function boundWords(facts: BoundFacts, now: Date): string | undefined {
  const { gate, isStopping, open } = facts;
  const { boundBy, heldMs, perSecond } = gate;
  if (isStopping) return open === 0 ? undefined : 'stopping: no more requests, those in flight may finish';
  switch (boundBy) {
    case 'outage':
      return 'the endpoint is down: one customer at a time tries it';
    case 'hold':
      return `held until ${clockText(new Date(now.getTime() + heldMs))}: the endpoint asked for it`;
    case 'canary':
      return 'the first customers show whether the others are worth asking for';
    case 'quota':
      return pacedWords(facts, `${rateText(perSecond)}, the endpoint's quota`);
    case 'rate_limit':
      return pacedWords(facts, `rate limit ${rateText(perSecond)}`);
    case 'endpoint':
      return pacedWords(facts, endpointWords(gate));
    case 'bounds':
      return freeWords(facts);
    default:
      return boundBy satisfies never;
  }
}

/** Where requests wait for their turn, unless there are no more to make, or as many are under way as may be at all. */
function pacedWords(facts: BoundFacts, words: string): string {
  const { open, isListRead, gate } = facts;
  if (isListRead && open <= gate.inFlight) return lastWords(facts) ?? words;
  return isUsedUp(gate) ? slotsWords(gate) : words;
}

function endpointWords({ perSecond, isStarting, mayFly }: BoundFacts['gate']): string {
  if (Number.isFinite(perSecond)) return `${rateText(perSecond)}: the endpoint allows no more`;
  if (isStarting) return `${count(mayFly)} in flight at most so far: more while the endpoint answers well`;
  return `${count(mayFly)} in flight at most: the endpoint takes no more well`;
}

/** Where the gate lets through whatever the settings allow. */
function freeWords(facts: BoundFacts): string | undefined {
  const { gate, unwritten, waiting, open, isListRead, starting } = facts;
  const { inFlight, mayFly } = gate;
  const isIdle = inFlight < mayFly / 2;
  if (isListRead && open <= mayFly) return lastWords(facts);
  if (!isIdle) return slotsWords(gate);
  // Children begin nothing new while much of what they have is not written.
  if (unwritten > inFlight) return `the disk: ${count(unwritten)} customers wait to be written`;
  if (waiting > inFlight) return `the order of the list: ${count(waiting)} customers wait for those before them`;
  if (starting > 0) return `${starting} ${starting === 1 ? 'child is' : 'children are'} starting`;
  return !isListRead && open <= mayFly ? 'the list: its rows come more slowly than they are asked for' : undefined;
}

const lastWords = ({ open }: BoundFacts): string | undefined =>
  open === 0 ? undefined : `waiting for the last ${open === 1 ? 'customer' : `${count(open)} customers`}`;

const slotsWords = ({ processCount, requestsPerProcess }: BoundFacts['gate']): string =>
  `${processCount} × ${requestsPerProcess} requests at a time: more with process_count or requests_per_process`;

/** A few are always between two requests. */
const isUsedUp = ({ inFlight, processCount, requestsPerProcess }: BoundFacts['gate']): boolean =>
  inFlight >= 0.9 * processCount * requestsPerProcess;

const two = (n: number): string => String(n).padStart(2, '0');
const clockText = (at: Date): string => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
