import type { ConnectionSettings } from '../channel/protocol.ts';
import { requestSettingsOf } from '../config/request-settings.ts';
import type { Settings } from '../config/schema.ts';
import { createClient } from '../http/create-client.ts';
import { PageWalk } from '../http/page-walk.ts';
import { compilePagination } from '../http/pagination.ts';
import { compileRequest } from '../http/request-template.ts';
import { expectDirectories } from '../output/claim-files.ts';
import type { CustomerList, SourceRow } from '../source/customer-list.ts';
import { openList } from '../source/open-list.ts';
import { outputPathsOf } from './begin-run.ts';
import { type Say, type Tried, tellAnswer, tellRules } from './check-answer.ts';
import { checkSignIn } from './check-sign-in.ts';
import { placeholdersOf } from './open-source.ts';
import type { JobSurroundings } from './surroundings.ts';
import { tellRequest } from './tell-request.ts';

/** What a check needs of the world around it. */
export type CheckSurroundings = Pick<JobSurroundings, 'connection' | 'learnSecret' | 'stdin'>;

/** So many rows are looked at to find one that a request can be made for. */
const HEAD_ROWS = 100;

/**
 * Tries what a run would do on one customer, and tells it step by step. True where all of it is well; settings, list and
 * output directories that are not are thrown, as a run would throw them.
 */
export async function checkJob(
  settings: Settings,
  { connection, learnSecret, stdin }: CheckSurroundings,
  say: Say,
): Promise<boolean> {
  const requestSettings = requestSettingsOf(settings);
  const template = compileRequest(requestSettings);
  await expectDirectories(outputPathsOf(settings));
  const row = await firstRow(settings, stdin, say);
  if (row === undefined) return false;
  const expanded = template.expand(row.values);
  if ('problem' in expanded) {
    say(`Customer ${row.values[0]}: ${expanded.problem}`);
    return false;
  }
  const { pagination } = settings;
  const walk = pagination === null ? undefined : new PageWalk(compilePagination(pagination, requestSettings));
  const request = walk?.first(expanded.request) ?? expanded.request;
  for (const line of tellRequest(request, template.sharedHeaders)) say(line);
  tellRules(settings, say);
  const signedIn = await checkSignIn(settings, { connection, learnSecret }, say);
  if (signedIn === undefined) return false;
  const headers = { ...template.sharedHeaders, ...signedIn };
  return await tryRequest(settings, connection, { request, walk, values: row.values }, headers, say);
}

async function firstRow(
  settings: Settings,
  stdin: CheckSurroundings['stdin'],
  say: Say,
): Promise<SourceRow | undefined> {
  const { source_file: path, source_header: hasHeader, source_column: column } = settings;
  const list = await openList({ path, stdin, hasHeader, column, placeholders: placeholdersOf(settings) });
  try {
    if (list.header !== undefined) say(`List: ${path}, columns: ${list.header.join(', ')}`);
    return await goodRow(list, say);
  } finally {
    await list.close();
  }
}

async function goodRow(list: CustomerList, say: Say): Promise<SourceRow | undefined> {
  for (let seen = 0; seen < HEAD_ROWS; ) {
    const rows = await list.next(HEAD_ROWS - seen);
    if (rows.length === 0) break;
    seen += rows.length;
    const good = rows.find(({ problem }) => problem === undefined);
    for (const row of rows.slice(0, good === undefined ? rows.length : rows.indexOf(good))) {
      say(`Line ${row.line}: ${row.problem}`);
    }
    if (good !== undefined) return good;
  }
  say(`The list has no customer that could be asked for in its first ${HEAD_ROWS} rows.`);
  return undefined;
}

async function tryRequest(
  settings: Settings,
  connection: ConnectionSettings,
  tried: Tried,
  headers: Record<string, string>,
  say: Say,
): Promise<boolean> {
  const client = createClient(connection, { url: settings.url, headers, maxSockets: 1 });
  try {
    const outcome = await client.send(tried.request).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    if ('error' in outcome) {
      say(`Answer: none: ${outcome.error instanceof Error ? outcome.error.message : String(outcome.error)}`);
      return false;
    }
    return tellAnswer(settings, tried, outcome.answer, say);
  } finally {
    client.close();
  }
}
