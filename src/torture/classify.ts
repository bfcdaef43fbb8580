import { CLASSES, type CustomerClass, type Evidence } from './evidence.ts';
import { expectedAnswer } from './expected-answer.ts';
import type { RunFiles } from './run-files.ts';

export interface Classified {
  classes: Record<CustomerClass, number>;
  violations: string[];
}

/** What the files have of one customer. */
interface Found {
  /** Its result lines; a list for each time that they stand together. */
  blocks: readonly string[][];
  /** How often its row is in the failed file. */
  failed: number;
  isSettledOk: boolean;
}

const SHOWN = 5;

/** I1 and I3: every customer of the list once, in the file where it belongs, with the answer that is its own. */
export function classify(evidence: Evidence, files: RunFiles): Classified {
  const blocks = blocksOf(files);
  const failed = countsOf(files.failed.lines.slice(1));
  const askedBy = startsByCustomer(evidence);
  const byClass: Record<CustomerClass, string[]> = { ok: [], recovered: [], lost: [], duplicated: [], unexpected: [] };
  evidence.rows.forEach((row, position) => {
    const isSettledOk = files.journal.ok.has(position);
    const found = { blocks: blocks.get(row.customer) ?? [], failed: failed.get(row.raw) ?? 0, isSettledOk };
    const verdict = classOf(found, expectedAnswer(row.customer, evidence));
    const isRecovered = verdict === 'ok' && (askedBy.get(row.customer) ?? 0) > 1;
    byClass[isRecovered ? 'recovered' : verdict].push(row.customer);
  });
  byClass.unexpected.push(...strangers(evidence, blocks.keys(), failed.keys()));
  return { classes: countsByClass(byClass), violations: violationsOf(byClass, files, evidence) };
}

/** A customer without records leaves no line: only the journal knows that it was asked for. */
function classOf({ blocks, failed, isSettledOk }: Found, expected: string[] | undefined): CustomerClass {
  if (blocks.length + failed > 1) return 'duplicated';
  const lines = blocks[0] ?? [];
  if (expected === undefined) {
    if (lines.length > 0) return 'unexpected';
    return failed === 1 ? 'ok' : 'lost';
  }
  if (failed === 1) return 'unexpected';
  if (expected.length === 0 && lines.length === 0) return isSettledOk ? 'ok' : 'lost';
  if (lines.join('\n') === expected.join('\n')) return 'ok';
  if (lines.every((line) => expected.includes(line))) return lines.length < expected.length ? 'lost' : 'duplicated';
  return 'unexpected';
}

/** Result lines by customer, those that stand together together. */
function blocksOf({ results }: RunFiles): Map<string, string[][]> {
  const blocks = new Map<string, string[][]>();
  let before: string | undefined;
  for (const { customer, raw } of results.records) {
    const own = blocks.get(customer) ?? [];
    blocks.set(customer, own);
    if (customer === before) own.at(-1)?.push(raw);
    else own.push([raw]);
    before = customer;
  }
  return blocks;
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

const startsByCustomer = ({ starts }: Evidence): Map<string, number> =>
  countsOf(starts.flatMap(({ requested }) => [...new Set(requested)]));

function strangers({ rows }: Evidence, customers: Iterable<string>, raws: Iterable<string>): string[] {
  const known = new Set(rows.map(({ customer }) => customer));
  const knownRaw = new Set(rows.map(({ raw }) => raw));
  const names = [...customers].filter((customer) => !known.has(customer));
  return [...names, ...[...raws].filter((raw) => !knownRaw.has(raw))];
}

const countsByClass = (byClass: Record<CustomerClass, string[]>): Record<CustomerClass, number> => ({
  ok: byClass.ok.length,
  recovered: byClass.recovered.length,
  lost: byClass.lost.length,
  duplicated: byClass.duplicated.length,
  unexpected: byClass.unexpected.length,
});

function violationsOf(byClass: Record<CustomerClass, string[]>, files: RunFiles, { header }: Evidence): string[] {
  const bad = CLASSES.slice(2).filter((name) => byClass[name].length > 0);
  const violations = bad.map((name) => {
    const customers = byClass[name];
    const more = customers.length > SHOWN ? ` and ${customers.length - SHOWN} more` : '';
    return `${name === 'unexpected' ? 'I3' : 'I1'}: ${name}: ${customers.slice(0, SHOWN).join(' | ')}${more}`;
  });
  const [head] = files.failed.lines;
  if (head !== undefined && head !== header) violations.push(`I1: the failed file begins with ${JSON.stringify(head)}`);
  return violations;
}
