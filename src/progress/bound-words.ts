import type { GateState } from '../flow/gate-terms.ts';
import { count, rateText } from './progress-words.ts';

/** What is known of what keeps the requests from being more. */
export interface BoundFacts {
  gate: Pick<GateState, 'boundBy' | 'heldMs' | 'perSecond' | 'mayFly'>;
  /** Requests in flight. */
  inFlight: number;
  /** Customers whose output has come and is not written. */
  unwritten: number;
}

/** What keeps the requests from being more just now, in words; undefined where nothing but the settings' own numbers does. */
export function boundWords({ gate, inFlight, unwritten }: BoundFacts, now: Date): string | undefined {
  const { boundBy, heldMs, perSecond, mayFly } = gate;
  switch (boundBy) {
    case 'outage':
      return 'the endpoint is down: one customer at a time tries it';
    case 'hold':
      return `held until ${clockText(new Date(now.getTime() + heldMs))}: the endpoint asked for it`;
    case 'canary':
      return 'the first customers show whether the others are worth asking for';
    case 'quota':
      return `${rateText(perSecond)}, the endpoint's quota`;
    case 'rate_limit':
      return `rate limit ${rateText(perSecond)}`;
    case 'endpoint':
      return `${count(mayFly)} in flight at most: the endpoint takes no more well`;
    case 'bounds':
      return diskWords(inFlight, unwritten, mayFly);
    default:
      return boundBy satisfies never;
  }
}

/** Children begin nothing new while much of what they have is not written. */
const diskWords = (inFlight: number, unwritten: number, mayFly: number): string | undefined =>
  unwritten > inFlight && inFlight < mayFly / 2
    ? `the disk: ${count(unwritten)} customers wait to be written`
    : undefined;

const two = (n: number): string => String(n).padStart(2, '0');
const clockText = (at: Date): string => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
