import { SourceError } from '../errors.ts';
import { show, showNames } from './show.ts';

/** Where the wanted values stand in a row. */
export interface ColumnPlan {
  /** Index of the customer's column, then one for each placeholder; counted from 0. */
  indices: readonly number[];
  /** How many columns the header has; undefined without a header. */
  width: number | undefined;
  header: readonly string[] | undefined;
}

/** What is wanted, and what there is. */
export interface ColumnRequest {
  /** What messages call the list. */
  list: string;
  header: readonly string[] | undefined;
  column: string | number;
  placeholders: readonly string[];
}

/**
 * Finds the columns. `{1}`, `{2}` … are the columns besides the customer's, in order; a name is looked for as it is, then
 * without regard to case. Throws a SourceError where a column is missing or a wanted name is there twice.
 */
export const planColumns = (request: ColumnRequest): ColumnPlan => {
  const { header, column, placeholders } = request;
  const customer = typeof column === 'number' ? columnByNumber(request, column) : columnByName(request, column);
  const others = placeholders.map((placeholder) =>
    /^\d+$/.test(placeholder)
      ? otherColumn(request, Number(placeholder), customer)
      : columnByName(request, placeholder, `for the placeholder {${placeholder}}`),
  );
  return { indices: [customer, ...others], width: header?.length, header };
};

const columnByNumber = (request: ColumnRequest, number: number): number => {
  const isThere = number <= (request.header?.length ?? Number.POSITIVE_INFINITY);
  if (!Number.isInteger(number) || number < 1 || !isThere) refuse(request, `has no column ${number}`);
  return number - 1;
};

const otherColumn = (request: ColumnRequest, number: number, customer: number): number => {
  const index = number - 1 < customer ? number - 1 : number;
  const isThere = index < (request.header?.length ?? Number.POSITIVE_INFINITY);
  if (number === 0) return customer;
  if (!isThere) refuse(request, `has no column for the placeholder {${number}}`);
  return index;
};

const columnByName = (request: ColumnRequest, name: string, purpose = ''): number => {
  const { header } = request;
  const wanted = ['has no column', show(name), purpose].filter(Boolean).join(' ');
  if (header === undefined) throw new SourceError(`${request.list} ${wanted}: it has no header`);
  const exact = indicesWhere(header, (found) => found === name);
  const found = exact.length > 0 ? exact : indicesWhere(header, (other) => other.toLowerCase() === name.toLowerCase());
  const [index] = found;
  if (index === undefined) return refuse(request, wanted);
  if (found.length > 1) {
    refuse(request, `has ${found.length} columns ${show(name)} (${found.map((at) => at + 1).join(', ')})`);
  }
  return index;
};

const indicesWhere = (names: readonly string[], isWanted: (name: string) => boolean): number[] =>
  names.flatMap((name, index) => (isWanted(name) ? [index] : []));

const refuse = ({ list, header }: ColumnRequest, what: string): never => {
  const columns = header === undefined ? '' : `; its columns are ${showNames(header)}`;
  const separator = header === undefined ? undefined : foreignSeparator(header);
  const hint = separator === undefined ? '' : `; ${separatorHint(separator)}`;
  throw new SourceError(`${list} ${what}${columns}${hint}`);
};

/** What seems to stand between the columns of a header where it should be a comma: `;`, a tab, `|`, or nothing of the kind. */
export const foreignSeparator = (header: readonly string[]): string | undefined =>
  [';', '\t', '|'].find((separator) => header.some((name) => name.includes(separator)));

/** The sentence about such a separator. */
export const separatorHint = (separator: string): string =>
  `${separator === '\t' ? 'a tab' : `"${separator}"`} seems to stand between its columns, where a comma is expected`;
