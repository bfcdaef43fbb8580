import { faultOf } from '../../fixtures/fault-plan.ts';
import { parseFaultSpec } from '../../fixtures/fault-spec.ts';
import { findFault } from '../../fixtures/faults.ts';
import type { Evidence, Harm, StartEvidence } from './evidence.ts';
import { expectedAnswer, plainRequests } from './expected-answer.ts';

/**
 * I4, bounded repetition:
 * - what the journal had settled when a start ended is never asked for again;
 * - what was asked for and is not written is no more than the children may hold, and failures in doubt are bounded;
 * - after a stop by one signal nobody that was answered is asked for again, but for those who waited for their turn where
 *   the output is in the order of the list, and those in the middle of their pages;
 * - within a start a customer is asked for once (a page) where nothing is wrong with it, else within its attempts.
 */
export function checkRepetition(evidence: Evidence): string[] {
  const { starts } = evidence;
  return starts.flatMap((start, index) => {
    const later = new Set(starts.slice(index + 1).flatMap(({ requested }) => requested));
    return [
      ...settledAgain(start, later),
      ...unwrittenBeyondLimit(start, evidence),
      ...answeredAgain(start, later, evidence),
      ...tooOften(start, evidence),
    ].map((what) => `I4: start ${index + 1}: ${what}`);
  });
}

/** For each start after the first, how many customers it asked for although an earlier one had. */
export function askedAgain(starts: readonly StartEvidence[]): number[] {
  const before = new Set<string>();
  const counts = starts.map(({ requested }) => {
    const own = new Set(requested);
    const again = [...own].filter((customer) => before.has(customer)).length;
    for (const customer of own) before.add(customer);
    return again;
  });
  return counts.slice(1);
}

function settledAgain({ after }: StartEvidence, later: ReadonlySet<string>): string[] {
  const again = [...after.settled].filter((customer) => later.has(customer));
  return again.length === 0
    ? []
    : [`${again.length} settled, and asked for again later: ${again.slice(0, 5).join(' | ')}`];
}

/** Failures that the endpoint may be to blame for are written once it is known to be well; no more than these wait for that. */
const MOST_IN_DOUBT = 1000;

/**
 * A child that died gave back what it held: that may be asked for, and be held by none. For each customer that waits for
 * another attempt a child is given one more, and tells only now and then how many wait; so there is one more for each that
 * may have waited. Packed results say nothing here: how many rows are in a member that has not ended is a matter of time.
 */
function unwrittenBeyondLimit(start: StartEvidence, evidence: Evidence): string[] {
  if (evidence.shape.outputCompression !== 'none') return [];
  const { requested, after, heldLimit, harms } = start;
  const hasLines = (customer: string) => expectedAnswer(customer, evidence)?.length !== 0;
  const customers = [...new Set(requested)];
  const open = customers.filter(
    (customer) => !after.settled.has(customer) && !after.written.has(customer) && hasLines(customer),
  );
  const inDoubt = open.filter((customer) => mayBeDoubted(customer, evidence));
  const waiting = customers.filter((customer) => isAskedAgain(faultOf(customer, evidence.faults)));
  const limit = heldLimit * (1 + deathsOf(harms)) + waiting.length;
  const surely = open.length - inDoubt.length;
  return [
    ...(surely <= limit ? [] : [`${surely} asked for and not written, where ${limit} may be in flight`]),
    ...(inDoubt.length <= limit + MOST_IN_DOUBT
      ? []
      : [`${inDoubt.length} failures not written, where ${limit + MOST_IN_DOUBT} may wait`]),
  ];
}

const isAskedAgain = (fault: string | undefined): boolean =>
  fault !== undefined && findFault(parseFaultSpec(fault).kind)?.outcome === 'retried';

/** Whether a customer fails, and the endpoint may be to blame: others are written at once, well or failed. */
function mayBeDoubted(customer: string, evidence: Evidence): boolean {
  const fault = faultOf(customer, evidence.faults);
  if (fault === undefined || expectedAnswer(customer, evidence) !== undefined) return false;
  const { kind } = parseFaultSpec(fault);
  const isRefused = kind === 'hostile-error' || /^4\d\d$/.test(kind);
  return !isRefused || isAskedAgain(fault) || CREDENTIALS.has(kind);
}

const CREDENTIALS: ReadonlySet<string> = new Set(['401', '403', '407']);

/** A customer between two attempts, or two pages, may be left unsettled; one that nothing is wrong with is finished. */
function answeredAgain(start: StartEvidence, later: ReadonlySet<string>, evidence: Evidence): string[] {
  const { faults, shape, answers } = evidence;
  const { requested, harms, exitCode, heldLimit } = start;
  const isOrderly = (exitCode === 130 || exitCode === 143) && harms.filter(isForParent).length === 1;
  if (!isOrderly || deathsOf(harms) > 0) return [];
  const again = [...new Set(requested)].filter(
    (customer) => faultOf(customer, faults) === undefined && later.has(customer),
  );
  const mayBeOpen = shape.outputOrder === 'input' || answers?.pages !== undefined;
  return again.length <= (mayBeOpen ? heldLimit : 0)
    ? []
    : [`${again.length} asked for again after an orderly stop: ${again.slice(0, 5).join(' | ')}`];
}

function tooOften({ requested, harms }: StartEvidence, evidence: Evidence): string[] {
  const { faults, maxAttempts } = evidence;
  const counts = new Map<string, number>();
  for (const customer of requested) counts.set(customer, (counts.get(customer) ?? 0) + 1);
  const lives = 1 + deathsOf(harms);
  return [...counts].flatMap(([customer, count]) => {
    const limit = lives * plainRequests(evidence) * requestsAllowed(faultOf(customer, faults), maxAttempts);
    return count <= limit ? [] : [`${customer} asked for ${count} times, where ${limit} is the limit`];
  });
}

/** A redirect is two requests, and an attempt on a connection that proves stale is made at once again. */
function requestsAllowed(fault: string | undefined, maxAttempts: number): number {
  if (fault === undefined) return 1;
  if (fault.startsWith('redirect-loop')) return Number.POSITIVE_INFINITY;
  return maxAttempts * 4;
}

const isForParent = (harm: Harm): boolean => harm.by === 'signal' && harm.to !== 'child';
const deathsOf = (harms: readonly Harm[]): number =>
  harms.filter((harm) => harm.by === 'signal' && harm.to === 'child' && harm.signal === 'SIGKILL').length;
