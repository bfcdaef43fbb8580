import type { Evidence } from './evidence.ts';
import type { RunFiles } from './run-files.ts';

/** Where it was asked for, results and failed customers are in the order of the list; a retry appends. */
export function checkOrder({ rows, shape, starts }: Evidence, { results, failed }: RunFiles): string[] {
  if (shape.outputOrder === 'arrival' || starts.some(({ command }) => command === 'retry')) return [];
  const customerPositions = new Map(rows.map(({ customer }, position) => [customer, position]));
  const rowPositions = new Map(rows.map(({ raw }, position) => [raw, position]));
  return [
    ...outOfOrder(
      'results',
      results.records.map(({ customer }) => customerPositions.get(customer) ?? -1),
    ),
    ...outOfOrder(
      'failed file',
      failed.lines.slice(1).map((raw) => rowPositions.get(raw) ?? -1),
    ),
  ];
}

function outOfOrder(name: string, positions: readonly number[]): string[] {
  const at = positions.findIndex((position, index) => position < (positions[index - 1] ?? 0));
  return at === -1 ? [] : [`I1: ${name}: row ${positions[at]} stands behind row ${positions[at - 1]}`];
}
