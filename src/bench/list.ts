import { answerTextOf } from '../../fixtures/details.ts';
import { writeList } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';

/** Writes a list of so many customers, one column as the seed's. */
export async function writeBenchList(path: string, count: number): Promise<void> {
  const customers = plainCustomers(count);
  await writeList(path, count, { header: 'customer', rowAt: () => String(customers.next().value) });
}

/** The first so many customers whose records every JSON parser gives back as they were sent: the loops use plain ones. */
export function* plainCustomers(count: number): Generator<string> {
  let found = 0;
  for (let number = 1; found < count; number += 1) {
    const customer = `C${String(number).padStart(8, '0')}`;
    if (!isPlain(customer)) continue;
    found += 1;
    yield customer;
  }
}

function isPlain(customer: string): boolean {
  const { details }: { details: Record<string, unknown>[] } = JSON.parse(answerTextOf(customer));
  const lines = details.map((it) => [customer, it.id, it.relevanceScore, it.relevanceRank].join(', '));
  return lines.join('\n') === expectedLinesOf(customer).join('\n');
}
