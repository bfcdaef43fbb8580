import { RecoveryError } from '../errors.ts';
import type { Recovered } from '../journal/recover.ts';
import { type ExceptionFacts, readExceptionLine } from '../output/exception-line.ts';
import { fileLines } from '../output/file-lines.ts';

/** A line of the exceptions file, and what it says. */
export interface ExceptionLine extends ExceptionFacts {
  bytes: Buffer;
}

/**
 * The failures of a run, as its exceptions file has them, those of a block at a time. Throws a RecoveryError where the
 * file says another thing than the journal.
 */
export async function* readExceptions({ failed, lengths }: Recovered, path: string): AsyncGenerator<ExceptionLine[]> {
  const doubt = (what: string) => new RecoveryError(`${path} ${what}: see aggregate verify; nothing was touched`);
  let count = 0;
  for await (const lines of fileLines(path, lengths.exceptions)) {
    const entries = lines.map((bytes) => {
      const facts = readExceptionLine(bytes);
      if (facts === undefined || !failed.has(facts.position)) throw doubt('has a line that the journal does not know');
      return { ...facts, bytes };
    });
    count += entries.length;
    yield entries;
  }
  if (count !== failed.size) throw doubt(`has ${count} lines, the journal says ${failed.size}`);
}
