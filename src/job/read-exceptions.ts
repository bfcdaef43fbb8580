import { RecoveryError } from '../errors.ts';
import { PositionSet } from '../journal/position-set.ts';
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
  const seen = new PositionSet();
  for await (const lines of readable(fileLines(path, lengths.exceptions), doubt)) {
    const entries = lines.map((bytes) => {
      const facts = readExceptionLine(bytes);
      if (facts === undefined || !failed.has(facts.position)) throw doubt('has a line that the journal does not know');
      if (!seen.add(facts.position)) throw doubt(`has two lines for row ${facts.position + 1}`);
      return { ...facts, bytes };
    });
    yield entries;
  }
  if (seen.size !== failed.size) throw doubt(`has ${seen.size} lines, the journal says ${failed.size}`);
}

/** The same lines; a file that the system cannot read is in doubt. */
async function* readable(lines: AsyncGenerator<Buffer[]>, doubt: (what: string) => Error): AsyncGenerator<Buffer[]> {
  try {
    yield* lines;
  } catch (error) {
    throw doubt(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
