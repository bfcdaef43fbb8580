import type { ColumnPlan } from './column-plan.ts';
import type { SourceRow } from './customer-list.ts';
import { isMalformed, type ParsedRow, parseRows } from './parse-rows.ts';
import { type RawRow, rowText } from './row-assembler.ts';
import { show } from './show.ts';
import { trimSpaces } from './trim.ts';

/** Parses rows, in their order, and takes the wanted values from each; the first has the position `firstPosition`. */
export const toSourceRows = (rows: readonly RawRow[], plan: ColumnPlan, firstPosition: number): SourceRow[] => {
  const parsed = parseRows(rows.flatMap((row) => (row.parsed === undefined ? [rowText(row.raw)] : [])));
  let next = 0;
  return rows.map((row, index) => {
    const columns = row.parsed ?? parsed[next++] ?? [];
    return toSourceRow(row, columns, plan, firstPosition + index);
  });
};

const toSourceRow = ({ line, raw }: RawRow, parsed: ParsedRow, plan: ColumnPlan, position: number): SourceRow => {
  const columns = isMalformed(parsed) ? [] : parsed;
  const values = plan.indices.map((index) => trimSpaces(columns[index] ?? ''));
  const problem = typeof raw === 'string' ? problemOf(parsed, values, plan) : 'not UTF-8';
  return problem === undefined ? { position, line, raw, values } : { position, line, raw, values, problem };
};

const problemOf = (parsed: ParsedRow, values: readonly string[], plan: ColumnPlan): string | undefined => {
  if (isMalformed(parsed)) return parsed.problem;
  return tooManyColumns(parsed, plan) ?? missingColumn(parsed, plan) ?? noCustomer(values, plan);
};

/** A `12,345` in a list of one column must not become the customer 12; empty columns at the end are harmless. */
const tooManyColumns = (columns: readonly string[], { width }: ColumnPlan): string | undefined => {
  if (width === undefined || columns.length <= width) return undefined;
  const last = columns.findLastIndex((value) => trimSpaces(value) !== '');
  return last < width ? undefined : `${last + 1} columns where the header has ${width}`;
};

const missingColumn = (columns: readonly string[], plan: ColumnPlan): string | undefined => {
  const missing = plan.indices.find((index) => index >= columns.length);
  return missing === undefined ? undefined : `no ${columnName(missing, plan)}: the row has ${columns.length}`;
};

const noCustomer = ([customer]: readonly string[], plan: ColumnPlan): string | undefined =>
  customer === '' ? `no customer: ${columnName(plan.indices[0] ?? 0, plan)} is empty` : undefined;

const columnName = (index: number, { header }: ColumnPlan): string => {
  const name = header?.[index] ?? '';
  return name === '' ? `column ${index + 1}` : `column ${index + 1} (${show(name)})`;
};
