import { SourceError } from '../errors.ts';
import { doubledRowsOf } from '../job/doubled.ts';
import type { SourceRow } from '../source/customer-list.ts';
import { askedFor } from '../source/doubled-rows.ts';
import { fingerprintOf } from '../source/fingerprint.ts';
import { blockOf, exceptionOf, failedLinesOf } from './expected-texts.ts';
import { type Balances, eachRow, rowName, type Subject } from './subject.ts';

/** What the list has to say. */
export interface ListFacts {
  rows: number;
  /** Rows that the journal has as neither ok nor failed. */
  unsettled: number;
}

/** Whether the list is the one that the run was begun with; a finding where it is not. */
export async function isSameList({ recovered, findings }: Subject): Promise<boolean> {
  const { path, bytes, sha256 } = recovered.run.source;
  try {
    const now = await fingerprintOf(path);
    if (now.bytes === bytes && now.sha256 === sha256) return true;
    const what = now.bytes === bytes ? 'another content' : `${now.bytes} bytes, the journal says ${bytes}`;
    findings.add('list', `the list ${path} changed: it has ${what}; the rows cannot be audited`);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    findings.add('list', `${error.message}; the rows cannot be audited`);
  }
  return false;
}

/** Goes through the list: every row is settled once, and the balances learn what ought to be in the files. */
export async function auditList(subject: Subject, balances: Balances): Promise<ListFacts> {
  const { recovered, findings } = subject;
  const { ok, failed, end } = recovered;
  const facts: ListFacts = { rows: 0, unsettled: 0 };
  const once = await standingOnce(subject);
  await eachRow(subject, (row, list) => {
    facts.rows += 1;
    const isOk = ok.has(row.position);
    if (!isOk && !failed.has(row.position)) {
      facts.unsettled += 1;
      if (end !== undefined) findings.add('unsettled', `${rowName(row)} is settled nowhere, in a run that is complete`);
    }
    if (isOk && row.problem !== undefined) {
      findings.add('bad row', `${rowName(row)} is ok in the journal, and cannot be asked for: ${row.problem}`);
    }
    for (const text of blockOf(recovered, row)) {
      balances.blocks.expect(text);
      if (once(row)) continue;
      findings.add(
        'asked twice',
        `${rowName(row)} has records, and an earlier row that asks for the same has them too`,
      );
    }
    for (const text of failedLinesOf(recovered, row, list)) balances.failedLines.expect(text);
    for (const text of exceptionOf(recovered, row)) balances.exceptions.expect(text);
  });
  expectCounts(subject, facts);
  return facts;
}

/** Whether a row that has records is the only one so far that has them, where rows that ask for the same are asked for once. */
async function standingOnce({ settings, recovered }: Subject): Promise<(row: SourceRow) => boolean> {
  if (!settings.unique_customers) return () => true;
  const { mayBeDoubled } = await doubledRowsOf(settings, recovered.run.source.path);
  const seen = new Set<string>();
  return (row) => {
    const asked = askedFor(row);
    if (!mayBeDoubled(asked)) return true;
    const isFirst = !seen.has(asked);
    seen.add(asked);
    return isFirst;
  };
}

function expectCounts({ recovered, findings }: Subject, { rows, unsettled }: ListFacts): void {
  const { ok, failed, end } = recovered;
  const beyond = ok.size + failed.size - (rows - unsettled);
  if (beyond > 0) findings.add('journal', `the journal settles ${beyond} rows that the list does not have`);
  if (end !== undefined && end.rows !== rows) {
    findings.add('journal', `the journal ends with ${end.rows} rows, the list has ${rows}`);
  }
}
