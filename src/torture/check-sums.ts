import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';
import { exceptionsOf, fileNames, type RunFiles } from './run-files.ts';

/** I10: the summary's sums equal the files' and the journal's, and the journal's lengths are the files'. */
export function checkSums(evidence: Evidence, files: RunFiles): string[] {
  const { summary, journal } = files;
  if (summary === undefined) return ['I10: there is no summary, or it cannot be read'];
  const { customers, failures } = summary;
  const failedRows = Math.max(0, files.failed.lines.length - 1);
  const kinds = kindsIn(files);
  const pairs: [what: string, actual: unknown, expected: unknown][] = [
    ['customers in the summary', customers.total, evidence.rows.length],
    ['ok and failed in the summary', customers.ok + customers.failed, customers.total],
    ['rows in the failed file', failedRows, customers.failed],
    ['lines of exceptions', files.exceptions.lines.length, customers.failed],
    ['ok in the journal', journal.ok.size, customers.ok],
    ['failed in the journal', journal.failed.size, customers.failed],
    ['rows at the end of the journal', journal.endRows, customers.total],
    ['records in the results', files.results.records.length, summary.records],
    ['records in the journal', journal.last?.totals.records ?? 0, summary.records],
    ['requests in the journal', journal.last?.totals.requests ?? 0, summary.requests],
    ['kinds of failures in the summary', sorted(failures), sorted(kinds)],
    ['kinds of failures in the journal', sorted(journal.last?.totals.failures ?? {}), sorted(kinds)],
    ['exit code in the summary', summary.exit_code, customers.failed === 0 ? 0 : 1],
    ...lengthsOf(evidence, files),
  ];
  const wrong = pairs.filter(([, actual, expected]) => actual !== expected);
  return [
    ...wrong.map(([what, actual, expected]) => `I10: ${what}: ${actual}, not ${expected}`),
    ...checkExceptions(evidence, files),
  ];
}

function kindsIn({ exceptions }: RunFiles): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { kind } of exceptionsOf(exceptions)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

const sorted = (counts: Record<string, number>): string =>
  JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The log is left out: its last lines come after the last checkpoint. */
function lengthsOf({ folder, stamp, shape }: Evidence, { journal }: RunFiles): [string, number, number][] {
  const names = fileNames(stamp, shape.outputCompression);
  return (['results', 'failed', 'exceptions'] as const).map((name) => {
    const size = statSync(join(folder, names[name]), { throwIfNoEntry: false })?.size ?? 0;
    return [`bytes of ${name}`, size, journal.last?.lengths[name] ?? 0];
  });
}

/** Each exception names a row of the list, its own customer, and one that is in the failed file. */
function checkExceptions({ rows }: Evidence, { exceptions, failed, journal }: RunFiles): string[] {
  const raws = new Set(failed.lines);
  return exceptionsOf(exceptions).flatMap(({ position, customer }) => {
    const row = rows[position];
    const fits = row?.customer === customer && raws.has(row.raw) && journal.failed.has(position);
    return fits ? [] : [`I10: the exception of row ${position} (${customer}) fits no row of the failed file`];
  });
}
