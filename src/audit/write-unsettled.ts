import { rename, rm } from 'node:fs/promises';
import { UsageError } from '../errors.ts';
import { failedHeadOf } from '../job/begin-run.ts';
import { openListAt } from '../job/open-source.ts';
import type { PositionSet } from '../journal/position-set.ts';
import { OutputFile, syncDirectoryOf } from '../output/output-file.ts';
import type { Subject } from './subject.ts';

const ROWS_AT_ONCE = 1000;

/**
 * Writes the rows that are settled nowhere, and those of which something is missing, as an input file: header and rows as
 * they were. Gives how many; the file must not be there yet, and is there whole or not at all: one that ends too early
 * would be taken for the whole rest.
 */
export async function writeUnsettled(
  { settings, recovered }: Subject,
  missing: PositionSet,
  path: string,
): Promise<number> {
  const { ok, failed } = recovered;
  const isSettled = (position: number) => (ok.has(position) || failed.has(position)) && !missing.has(position);
  const list = await openListAt(recovered.run.source.path, settings);
  const part = `${path}.${process.pid}.part`;
  const file = await create(part);
  try {
    let count = 0;
    await file.append(failedHeadOf(list));
    for (let rows = await list.next(ROWS_AT_ONCE); rows.length > 0; rows = await list.next(ROWS_AT_ONCE)) {
      const open = rows.filter(({ position }) => !isSettled(position));
      await file.append(Buffer.concat(open.flatMap(({ raw }) => [Buffer.from(raw), Buffer.from(list.eol)])));
      count += open.length;
    }
    await file.sync();
    await rename(part, path);
    await syncDirectoryOf(path);
    return count;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await file.close();
    await list.close();
  }
}

async function create(path: string): Promise<OutputFile> {
  try {
    return await OutputFile.create(path);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
