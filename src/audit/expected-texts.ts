import type { Recovered } from '../journal/recover.ts';
import type { CustomerList, SourceRow } from '../source/customer-list.ts';

/** The customer that a row ought to have a block of in the results; none where it has no records, or is not ok. */
export function blockOf({ ok, empty }: Recovered, { position, values }: SourceRow): string[] {
  return ok.has(position) && !empty.has(position) ? [values[0] ?? ''] : [];
}

/** The lines that a row ought to have in the failed file: itself as it was, byte by byte; none where it did not fail. */
export function failedLinesOf({ failed }: Recovered, { position, raw }: SourceRow, { eol }: CustomerList): string[] {
  if (!failed.has(position)) return [];
  const text = Buffer.concat([Buffer.from(raw), Buffer.from(eol)]).toString('latin1');
  return text.match(/[^\n]*\n/g) ?? [];
}

/** What a row ought to have in the exceptions file; nothing where it did not fail. */
export function exceptionOf({ failed }: Recovered, { position, values }: SourceRow): string[] {
  return failed.has(position) ? [exceptionText(position, values[0] ?? '')] : [];
}

/** Position and customer in one text. */
export const exceptionText = (position: number, customer: string): string => `${position} ${customer}`;
