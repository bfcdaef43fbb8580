/** What decides how many rows children hold. */
export interface HeldFacts {
  processCount: number;
  requestsPerProcess: number;
  chunkSize: number;
  outputOrder: 'arrival' | 'input';
}

/**
 * How many rows all children may hold at most: a child holds two chunks, or twice as many rows as it may have requests
 * under way. A quick one holds up to twelve chunks; in input order no child does, but there is one chunk more for each.
 */
export function heldLimitOf({ processCount, requestsPerProcess, chunkSize, outputOrder }: HeldFacts): number {
  const usual = 2 * Math.max(chunkSize, requestsPerProcess);
  return processCount * (outputOrder === 'input' ? usual + chunkSize : Math.max(usual, 12 * chunkSize));
}
