import type { VerdictName } from '../channel/protocol.ts';
import { requestSettingsOf } from '../config/request-settings.ts';
import type { Settings } from '../config/schema.ts';
import type { Answer, HttpRequest } from '../http/client.ts';
import { type CompiledRule, compileRules, firstMet } from '../http/outcome-rules.ts';
import type { PageWalk } from '../http/page-walk.ts';
import { compileRequest } from '../http/request-template.ts';
import { judge } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';
import { excerpt } from '../records/excerpt.ts';
import { findLists } from '../records/find-lists.ts';
import { headOf } from '../records/format.ts';
import { parseAnswer } from '../records/read-answer.ts';
import { createReadRecords } from '../records/read-records.ts';
import { createVerify } from '../records/verify-customer.ts';

const LINES_SHOWN = 10;
const SHOWN_BODY_LENGTH = 500;

export type Say = (line: string) => void;

/** What was tried: a request, the first of its customer's pages where there are some. */
export interface Tried {
  request: HttpRequest;
  walk: PageWalk | undefined;
  /** Of the row, the customer first. */
  values: readonly string[];
}

/** What follows from an answer that does not settle its customer. */
const CONSEQUENCES: Readonly<Record<Exclude<VerdictName, 'ok' | 'empty'>, string>> = {
  retry: 'This customer would be asked for again',
  fail: 'This customer would fail',
  limited: 'The requests would be held, and this customer asked for again',
  stop: 'The run would end here',
};

/** Tells which answers mean what: the rules in force, in their order. */
export function tellRules(settings: Settings, say: Say): void {
  const rules = compileRules(settings.outcomes);
  const width = Math.max(...rules.map(({ words }) => words.length));
  say('What answers mean, by the first rule that is met:');
  for (const { words, as, isOwn } of rules) say(`  ${words.padEnd(width)}  ${as}${isOwn ? '' : '  (default)'}`);
}

/** Tells what an answer means, and the lines that would follow from it; true where its customer would be settled. */
export function tellAnswer(settings: Settings, { request, walk, values }: Tried, answer: Answer, say: Say): boolean {
  const rules = compileRules(settings.outcomes);
  const { placeholders } = compileRequest(requestSettingsOf(settings));
  const readRecords = createReadRecords({ ...settings, format: settings.output_format }, placeholders);
  const json = () => parseAnswer(answer.body, answer.headers['content-type']);
  const rule = firstMet(rules, { answer, json });
  say(`Answer: ${answer.status} ${answer.statusText}, ${answer.body.length} bytes; ${ruleText(rule)}`);
  const verdict = judge(rules, { answer, json }, Date.now());
  if ('failure' in verdict) {
    say(`${CONSEQUENCES[verdict.is]}: ${verdict.failure.reason}`);
    return false;
  }
  try {
    const flaw = verdict.is === 'ok' ? ownerFlaw(settings, json(), values[0] ?? '') : undefined;
    if (flaw !== undefined) {
      say(`This customer would fail: ${flaw}`);
      return false;
    }
    const { text, records } = verdict.is === 'empty' ? { text: '', records: 0 } : readRecords(json(), values);
    say(`Results: ${records} ${records === 1 ? 'line' : 'lines'} would be written for customer ${values[0]}`);
    const lines = `${headOf(settings)}${text}`.split(/\r?\n/).slice(0, -1);
    for (const line of lines.slice(0, LINES_SHOWN)) say(`  ${line}`);
    if (lines.length > LINES_SHOWN) say(`  … and ${lines.length - LINES_SHOWN} more`);
    if (walk !== undefined && verdict.is === 'ok')
      tellNextPage(walk.next(request, { answer, json }, records), request, say);
    return true;
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    say(`This customer would fail: ${error.message}`);
    tellLists(json, say);
    return false;
  }
}

function tellNextPage(next: HttpRequest | undefined, before: HttpRequest, say: Say): void {
  if (next === undefined) say('Pages: this is the only one');
  else say(`Pages: another one would be asked for: ${whatIsNew(next, before)}`);
}

/** What tells the request for a page from the one before it. */
const whatIsNew = (next: HttpRequest, before: HttpRequest): string =>
  next.url === before.url ? excerpt(next.body ?? '', SHOWN_BODY_LENGTH) : next.url;

/** What else the settings could name, for whoever is at the beginning. */
function tellLists(json: () => unknown, say: Say): void {
  let answer: unknown;
  try {
    answer = json();
  } catch (error) {
    if (error instanceof AnswerError) return; // What is no JSON has no lists.
    throw error;
  }
  for (const { records, fields } of findLists(answer)) {
    say(`  There is a list at "records": ${JSON.stringify(records)}, with "fields": ${JSON.stringify(fields)}`);
  }
}

/** What is wrong where the answer is somebody else's; undefined where it is not, or nobody asks. */
const ownerFlaw = ({ verify_customer: path }: Settings, json: unknown, customer: string): string | undefined =>
  path === null ? undefined : createVerify(path)(json, customer);

const ruleText = ({ words, as }: CompiledRule): string => `it meets the rule "${words}": ${as}`;
