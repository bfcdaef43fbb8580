import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestSettingsOf } from '../config/request-settings.ts';
import type { Settings } from '../config/schema.ts';
import { compileRequest } from '../http/request-template.ts';
import { compileFields } from '../records/field.ts';
import type { CustomerList } from '../source/customer-list.ts';
import { openList } from '../source/open-list.ts';
import { spool } from '../source/spool.ts';

/** A list, open, and where it is; `isSpooled` where it is a copy of standard input, under a name for now. */
export interface OpenedList {
  list: CustomerList;
  path: string;
  isSpooled: boolean;
}

/** The list of a new run; what can be read only once, standard input or a pipe, by way of a copy: the run must be able to go on. */
export async function openSource(settings: Settings, stdin: Readable, stopSignal: AbortSignal): Promise<OpenedList> {
  const { source_file } = settings;
  const stream = await streamOf(source_file, stdin);
  const isSpooled = stream !== undefined;
  if (!isSpooled) return { list: await openListAt(source_file, settings), path: source_file, isSpooled };
  const path = join(settings.output_directory, `source-${randomUUID()}.csv`);
  const release = () => void releasePipe(source_file, stream);
  stopSignal.addEventListener('abort', release, { once: true });
  if (stopSignal.aborted) release();
  await spool(stream, path, stopSignal).finally(() => stopSignal.removeEventListener('abort', release));
  try {
    return { list: await openListAt(path, settings), path, isSpooled };
  } catch (error) {
    await unlink(path);
    throw error;
  }
}

/** The stream of a list that can be read only once; undefined where it is a file, or where opening it will say what is wrong. */
async function streamOf(path: string, stdin: Readable): Promise<Readable | undefined> {
  if (path === '-') return stdin;
  const found = await stat(path).catch(() => undefined);
  const isReadOnce = found !== undefined && (found.isFIFO() || found.isCharacterDevice() || found.isSocket());
  return isReadOnce ? createReadStream(path) : undefined;
}

/**
 * Opening a pipe waits until somebody opens it to write, and cannot be called off: it would keep the process from ending
 * with its exit code. So we are that somebody (fifo(7)), until the stream is closed: where it is only about to wait, a first
 * try meets nobody.
 */
export async function releasePipe(path: string, stream: Pick<Readable, 'closed'>): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFIFO() !== true) return;
  while (!stream.closed) {
    const handle = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
    await handle?.close();
    await sleep(RELEASE_MS);
  }
}

/** A pipe is released so often. */
const RELEASE_MS = 20;

/** Opens the list at `path` for the columns that the settings name. */
export async function openListAt(path: string, settings: Settings): Promise<CustomerList> {
  const { source_header: hasHeader, source_column: column } = settings;
  return await openList({ path, hasHeader, column, placeholders: placeholdersOf(settings) });
}

/** The placeholders whose values cross with each row: those of the request, then those of the fields. */
export const placeholdersOf = (settings: Settings): string[] =>
  compileFields(settings.fields, compileRequest(requestSettingsOf(settings)).placeholders).placeholders;
