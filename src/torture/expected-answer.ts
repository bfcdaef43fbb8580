import { faultOf, isTransient } from '../../fixtures/fault-plan.ts';
import { expectedPagedLinesOf } from '../../fixtures/pages.ts';
import { expectedLinesOf, isNoFaultIn } from '../../fixtures/result-lines.ts';
import type { Evidence } from './evidence.ts';

type Known = Pick<Evidence, 'faults' | 'maxAttempts' | 'shape' | 'answers'>;

/** The lines that a customer must have, or undefined where it must fail. */
export function expectedAnswer(customer: string, { faults, maxAttempts, shape, answers }: Known): string[] | undefined {
  const fault = faultOf(customer, faults);
  const { outputFormat: format } = shape;
  const isAnswered = fault === undefined || isTransient(fault, maxAttempts) || isNoFaultIn(format, fault);
  if (!isAnswered) return undefined;
  const { pages } = answers ?? {};
  return pages === undefined
    ? expectedLinesOf(customer, fault, format)
    : expectedPagedLinesOf(customer, pages.count, format);
}

/** Requests for a customer that nothing goes wrong with; counted pages end with one that is empty. */
export const plainRequests = ({ answers }: Pick<Evidence, 'answers'>): number =>
  answers?.pages === undefined ? 1 : answers.pages.count + 1;
