import { SourceError, StopError } from '../errors.ts';
import { type BlockReader, openFileBlocks, streamBlocks } from './block-reader.ts';
import { type ColumnPlan, foreignSeparator, planColumns, separatorHint } from './column-plan.ts';
import type { CustomerList, ListRequest, SourceRow } from './customer-list.ts';
import { isMalformed, parseRow } from './parse-rows.ts';
import { type RawRow, rowText } from './row-assembler.ts';
import { RowReader } from './row-reader.ts';
import { show } from './show.ts';
import { toSourceRows } from './source-row.ts';
import { trimSpaces } from './trim.ts';

// Measured with a million rows: larger blocks cost as much time and up to 80 MB more memory, since more rows outlive a
// collection of the young generation.
const DEFAULT_BLOCK_BYTES = 16_384;

/**
 * Opens a list and reads its head: the header, or the first row where there is none. Throws a SourceError where the list is
 * missing, cannot be read, is empty or no UTF-8 text, or lacks a wanted column.
 */
export const openList = async (request: ListRequest): Promise<CustomerList> => {
  const name = request.path === '-' ? 'the list on standard input' : `the list ${request.path}`;
  const blocks = await openBlocks(request);
  try {
    const reader = new RowReader(name, blocks);
    return await listOf(request, name, reader, blocks);
  } catch (error) {
    await blocks.close();
    // Nothing was requested yet: what would stop a run is here an input that is wrong.
    throw error instanceof StopError ? new SourceError(error.message, { cause: error }) : error;
  }
};

const openBlocks = ({
  path,
  stdin,
  blockBytes = DEFAULT_BLOCK_BYTES,
}: ListRequest): BlockReader | Promise<BlockReader> =>
  path === '-' ? streamBlocks(stdin ?? process.stdin, blockBytes) : openFileBlocks(path, blockBytes);

const listOf = async (
  { hasHeader, column, placeholders }: ListRequest,
  name: string,
  reader: RowReader,
  blocks: BlockReader,
): Promise<CustomerList> => {
  const rows = await reader.read();
  const [first] = rows;
  if (first === undefined) throw new SourceError(`${name} is empty`);
  const header = hasHeader ? headerOf(first, name) : undefined;
  const plan = planColumns({ list: name, header, column, placeholders });
  return {
    header,
    headerRaw: hasHeader ? first.raw : undefined,
    eol: reader.eol,
    next: rowSource(reader, hasHeader ? rows.slice(1) : rows, plan),
    get bytesRead() {
      return reader.bytesRead;
    },
    get sha256() {
      return reader.sha256;
    },
    totalBytes: blocks.totalBytes,
    close: () => blocks.close(),
  };
};

const headerOf = (row: RawRow, list: string): string[] => {
  const parsed = row.parsed ?? parseRow(rowText(row.raw));
  if (isMalformed(parsed))
    throw new SourceError(`${list} has a malformed header on line ${row.line}: ${parsed.problem}`);
  const header = parsed.map(trimSpaces);
  const [only = ''] = header;
  const separator = header.length === 1 && !rowText(row.raw).includes('"') ? foreignSeparator(header) : undefined;
  // Otherwise each row would be asked for as a whole.
  if (separator !== undefined)
    throw new SourceError(`${list} has the header ${show(only)}: ${separatorHint(separator)}`);
  return header;
};

/** Gives the rows that were read with the head, then those that are read when they are asked for. */
const rowSource = (reader: RowReader, head: readonly RawRow[], plan: ColumnPlan): CustomerList['next'] => {
  let ready = toSourceRows(head, plan, 0);
  let given = 0;
  let position = ready.length;
  return async (maxRows: number): Promise<SourceRow[]> => {
    if (given === ready.length) {
      ready = toSourceRows(await reader.read(), plan, position);
      given = 0;
      position += ready.length;
    }
    const rows = ready.slice(given, given + maxRows);
    given += rows.length;
    return rows;
  };
};
