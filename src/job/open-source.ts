import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Settings } from '../config/schema.ts';
import { compileUrl } from '../http/url-template.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { openList } from '../source/open-list.ts';
import { spool } from '../source/spool.ts';

/** A list, open, and where it is; `isSpooled` where it is a copy of standard input, under a name for now. */
export interface OpenedList {
  list: CustomerList;
  path: string;
  isSpooled: boolean;
}

/** The list of a new run; from standard input by way of a copy, so that the run can go on from it. */
export async function openSource(settings: Settings, stdin: Readable, stopSignal: AbortSignal): Promise<OpenedList> {
  const { source_file } = settings;
  const isSpooled = source_file === '-';
  if (!isSpooled) return { list: await openListAt(source_file, settings), path: source_file, isSpooled };
  const path = join(settings.output_directory, `source-${randomUUID()}.csv`);
  await spool(stdin, path, stopSignal);
  try {
    return { list: await openListAt(path, settings), path, isSpooled };
  } catch (error) {
    await unlink(path);
    throw error;
  }
}

/** Opens the list at `path` for the columns that the settings name. */
export async function openListAt(path: string, settings: Settings): Promise<CustomerList> {
  const { source_header: hasHeader, source_column: column } = settings;
  const { placeholders } = compileUrl(settings.url);
  return await openList({ path, hasHeader, column, placeholders });
}
