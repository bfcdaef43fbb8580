import type { ReadSummary } from '../job/read-summary.ts';
import type { ExceptionKinds, ResultsFacts } from './audit-files.ts';
import type { Subject } from './subject.ts';

type Sums = Readonly<Record<string, number | string>>;

/** The files' sums against the journal's, and the journal's against the summary's. */
export function auditSums(subject: Subject, results: ResultsFacts, kinds: ExceptionKinds): void {
  const { recovered, summary } = subject;
  const { totals, failed } = recovered;
  expectSame(subject, 'the files have', { records: results.records, ...byKind(kinds) }, 'the journal says', {
    records: totals.records,
    ...byKind(totals.failures),
  });
  const sum = Object.values(totals.failures).reduce((a, b) => a + b, 0);
  if (sum !== failed.size) {
    subject.findings.add('sums', `the journal counts ${sum} failures by kind, and has ${failed.size} failed rows`);
  }
  if (summary !== undefined) {
    expectSame(subject, 'the summary says', summarySums(summary), 'the journal', journalSums(subject));
  }
}

function summarySums({ run, exit_code, customers, failures, records, requests }: ReadSummary): Sums {
  return { run, exit_code, ...customers, records, requests, ...byKind(failures) };
}

function journalSums({ recovered: { run, ok, failed, totals } }: Subject): Sums {
  const { records, requests, failures } = totals;
  return {
    run: run.stamp,
    exit_code: failed.size === 0 ? 0 : 1,
    total: ok.size + failed.size,
    ok: ok.size,
    failed: failed.size,
    records,
    requests,
    ...byKind(failures),
  };
}

const byKind = (kinds: Readonly<Record<string, number>>): Sums =>
  Object.fromEntries(Object.entries(kinds).map(([kind, count]) => [`failures of kind ${kind}`, count]));

function expectSame({ findings }: Subject, whoSays: string, given: Sums, whoElse: string, wanted: Sums): void {
  for (const name of new Set([...Object.keys(given), ...Object.keys(wanted)])) {
    const a = given[name] ?? 0;
    const b = wanted[name] ?? 0;
    if (a !== b) findings.add('sums', `${whoSays} ${name}: ${a}, ${whoElse} ${b}`);
  }
}
