import { recordsText } from '../job/account.ts';
import type { RunState } from '../job/run-state.ts';
import type { Audit, AuditFacts } from './verify-run.ts';

const count = (n: number): string => n.toLocaleString('en-US');

/** What a person is told of an audit: what the run is, what is wrong with it, a line each, and the verdict. */
export function tellAudit(stamp: string, state: RunState, { findings, facts }: Audit): string[] {
  const wrong = findings.sentences.map((sentence) => `  wrong: ${sentence}`);
  const verdict = findings.count === 0 ? 'nothing is wrong' : `${count(findings.count)} found wrong`;
  if (facts === undefined) return [`run ${stamp} (${state})`, ...wrong, verdict];
  return [`run ${stamp} (${state}): ${rowsText(facts)}`, ...notes(facts, state), ...wrong, verdict];
}

function rowsText({ ok, failed, list, results }: AuditFacts): string {
  const settled = `${count(ok)} ok (${recordsText(results.records)}), ${count(failed)} failed`;
  return list === undefined
    ? settled
    : `${count(list.rows)} ${list.rows === 1 ? 'row' : 'rows'}: ${settled}, ${count(list.unsettled)} not settled`;
}

function notes({ tailBytes }: AuditFacts, state: RunState): string[] {
  const where = state === 'running' ? 'not audited yet' : 'a resume cuts them off';
  return tailBytes === 0
    ? []
    : [`  ${count(tailBytes)} bytes were written after the last checkpoint, which does not vouch for them: ${where}`];
}
