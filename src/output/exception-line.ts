import { FAILURE_KINDS, type FailureKind } from '../channel/protocol.ts';
import type { FailedRow } from './writer.ts';

/**
 * An object a line for each failure, with the customer as it is: JSON escapes what could break a line. The first few that
 * fail alike have `answer`, too: how the answer begins.
 * Example: `{"position":16,"customer":"1000017","kind":"http_5xx","status":503,"attempts":3,"elapsed_ms":1840,"message":"HTTP 503 Service Unavailable"}`
 */
export function exceptionLine(row: FailedRow): string {
  const { position, customer, kind, status, attempts, elapsedMs, reason, head } = row;
  const facts = { position, customer, kind, status: status ?? null, attempts, elapsed_ms: elapsedMs, message: reason };
  return `${JSON.stringify(head === undefined ? facts : { ...facts, answer: head })}\n`;
}

/** What is read back of such a line. */
export interface ExceptionFacts {
  position: number;
  customer: string;
  kind: FailureKind;
  status: number | undefined;
  reason: string;
}

/** Reads a line, its line break included; undefined where it is not one of ours. */
export function readExceptionLine(line: Buffer): ExceptionFacts | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { position, customer, kind, status, message }: Partial<Record<string, unknown>> = value;
    if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) return undefined;
    if (typeof customer !== 'string' || !isFailureKind(kind) || typeof message !== 'string') return undefined;
    return { position, customer, kind, status: typeof status === 'number' ? status : undefined, reason: message };
  } catch {
    return undefined; // A line that was cut or edited.
  }
}

/** Whether something that was read is the name of a kind of failure. */
export const isFailureKind = (name: unknown): name is FailureKind => FAILURE_KINDS.some((kind) => kind === name);
