import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nameOf } from './answer-kinds.ts';
import type { Given } from './gather.ts';
import { describeOrigin } from './origin.ts';
import { placeholdersIn } from './placeholder-text.ts';
import { factsOf, SETTING_NAMES, type SettingName } from './schema.ts';
import { showValue } from './show-value.ts';
import { placeholdersInUrl } from './url-rule.ts';

/** The files that each run writes beside those that have a setting, before the stamp is put into their names. */
const OWN_FILES = ['exceptions.ndjson', 'journal.ndjson', 'summary.json', 'samples.ndjson', 'report.html'];

type ValidSettings = ReadonlyMap<SettingName, Given>;

/** What is wrong between settings that are right each by itself, a line each. `paths` are absolute. */
export async function crossProblems(
  valid: ValidSettings,
  paths: ReadonlyMap<SettingName, string>,
): Promise<readonly string[]> {
  return [
    ...columnProblems(valid),
    ...requestProblems(valid),
    ...pageProblems(valid),
    ...fieldProblems(valid),
    ...(await pathProblems(valid, paths)),
  ];
}

/** The customer may stand anywhere in the request, but must stand somewhere; a GET has no body. */
function requestProblems(valid: ValidSettings): string[] {
  const [url, method, body] = [valid.get('url'), valid.get('method'), valid.get('body')];
  const problems: string[] = [];
  const places = ['headers', 'query', 'body'] as const;
  const names = places.flatMap((name) => placeholdersIn(valid.get(name)?.value));
  if (typeof url?.value === 'string' && ![...placeholdersInUrl(url.value), ...names].includes('0')) {
    const got = `${showValue(url.value)} (${describeOrigin(url.origin)})`;
    problems.push(`url: expected {0} where the customer belongs, here or in query, headers or body, got ${got}`);
  }
  if (method?.value === 'GET' && (body?.value ?? null) !== null) {
    problems.push(
      `method: expected one that has a body, since there is a body, got "GET" (${describeOrigin(method.origin)})`,
    );
  }
  const version = valid.get('http_version');
  if (version?.value === 2 && typeof url?.value === 'string' && /^http:/i.test(url.value)) {
    const origin = describeOrigin(version.origin);
    problems.push(
      `http_version: expected 1, since HTTP/2 is agreed on in TLS and the url is not https, got 2 (${origin})`,
    );
  }
  const client = valid.get('http_client');
  if (version?.value === 2 && client?.value === 'undici') {
    problems.push(
      `http_client: expected got, which is what speaks HTTP/2 here (http_version), got "undici" (${describeOrigin(client.origin)})`,
    );
  }
  const header = authHeader(valid.get('auth')?.value);
  const doubled = namesIn(valid.get('headers')?.value).find((name) => name.toLowerCase() === header);
  if (doubled !== undefined) problems.push(`headers: expected no ${doubled}, since auth sets it`);
  return problems;
}

/** A parameter in the body needs one, and in JSON a place there. */
function pageProblems(valid: ValidSettings): string[] {
  const [pagination, body] = [valid.get('pagination'), memberOf(valid.get('body')?.value, 'json')];
  if (pagination === undefined || memberOf(pagination.value, 'in') !== 'body') return [];
  const origin = describeOrigin(pagination.origin);
  if ((valid.get('body')?.value ?? null) === null) {
    return [`pagination.in: expected query, since there is no body, got "body" (${origin})`];
  }
  const parameter = String(memberOf(pagination.value, 'parameter'));
  const names = parameter.split('.');
  if (body === undefined || (!names.includes('') && leadsThroughObjects(body, names))) return [];
  const expected = 'names joined by dots that lead through objects of the body';
  return [`pagination.parameter: expected ${expected}, got ${showValue(parameter)} (${origin})`];
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;

/** What is missing on the way will be made; what is there and no object stays. */
function leadsThroughObjects(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !Object.hasOwn(value, name) || leadsThroughObjects(memberOf(value, name), rest);
}

const namesIn = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

/** The header that a sign-in sets, in lower case. */
function authHeader(auth: unknown): string | undefined {
  if (typeof auth !== 'object' || auth === null || !('type' in auth)) return undefined;
  if (auth.type !== 'api_key') return 'authorization';
  return 'in' in auth && auth.in === 'header' && 'name' in auth ? String(auth.name).toLowerCase() : undefined;
}

function columnProblems(valid: ValidSettings): string[] {
  const column = valid.get('source_column');
  if (typeof column?.value !== 'string' || valid.get('source_header')?.value !== false) return [];
  const got = `${showValue(column.value)} (${describeOrigin(column.origin)})`;
  return [`source_column: expected a number, since source_header is false and no line names the columns, got ${got}`];
}

/** The customer's column has a name; a line without a field would say nothing but the customer. */
function fieldProblems(valid: ValidSettings): string[] {
  const fields = valid.get('fields');
  const format = valid.get('output_format')?.value;
  if (!Array.isArray(fields?.value) || format === undefined) return [];
  const got = `${showValue(fields.value)} (${describeOrigin(fields.origin)})`;
  if (fields.value.length === 0 && format !== 'ndjson') return [`fields: expected a list of at least one, got ${got}`];
  const isTaken = format !== 'text' && fields.value.map(nameOf).includes('customer');
  return isTaken ? [`fields: expected other names than customer, which is the customer's own: ${got}`] : [];
}

/** No file may be written twice, and the list may not be an output. */
async function pathProblems(valid: ValidSettings, paths: ReadonlyMap<SettingName, string>): Promise<string[]> {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  const directory = paths.get('output_directory');
  for (const file of directory === undefined ? [] : OWN_FILES) {
    taken.set(await canonicalPath(join(directory ?? '', file)), `the run's own ${file}`);
  }
  for (const name of SETTING_NAMES.filter(isFile)) {
    const [path, given] = [paths.get(name), valid.get(name)];
    if (path === undefined || path === '-' || given === undefined) continue;
    const canonical = await canonicalPath(path);
    const other = name === 'source_file' ? undefined : taken.get(canonical);
    const got = `${showValue(path)} (${describeOrigin(given.origin)})`;
    if (other !== undefined)
      problems.push(`${name}: expected a file of its own, but it is the same as ${other}: ${got}`);
    else taken.set(canonical, name);
  }
  return problems;
}

const isFile = (name: SettingName): boolean => name === 'source_file' || factsOf(name).kind === 'outputFile';

/** Two directories may be one by a link; the file itself is not followed, since the stamp changes its name. */
async function canonicalPath(path: string): Promise<string> {
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch {
    // A directory that is missing or closed to us is reported where the files are opened; its path is unlike the others.
    return path;
  }
}
