import type { ChunkMessage, CustomerRow } from './protocol.ts';

/** The message that hands rows over; all have as many values. */
export const chunkOf = (rows: readonly CustomerRow[]): ChunkMessage => ({
  type: 'chunk',
  positions: rows.map(({ position }) => position),
  values: rows.flatMap(({ values }) => values),
});

/** The rows of a chunk. */
export function rowsOf({ positions, values }: ChunkMessage): CustomerRow[] {
  const width = values.length / positions.length;
  return positions.map((position, i) => ({ position, values: values.slice(i * width, (i + 1) * width) }));
}
