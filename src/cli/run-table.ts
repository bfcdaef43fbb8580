import { durationText } from '../job/account.ts';
import type { RunFacts } from '../job/run-facts.ts';

type Next = (run: RunFacts) => string | undefined;

const HEAD = ['STAMP', 'STATE', 'CUSTOMERS', 'OK', 'FAILED', 'DURATION'];
/** Columns of numbers stand to the right. */
const RIGHT = new Set([2, 3, 4]);

/** Runs as aligned columns under a head, each followed by the command that goes on with it, where there is one. */
export function runTable(runs: readonly RunFacts[], next: Next): string[] {
  if (runs.length === 0) return ['no runs'];
  const rows = [HEAD, ...runs.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...lines] = rows.map((row) => row.map((cell, column) => aligned(cell, column, widths)).join('  '));
  return [head.trimEnd(), ...runs.flatMap((run, at) => [(lines[at] ?? '').trimEnd(), ...details(run, next)])];
}

const number = (n: number | null): string => (n === null ? '?' : n.toLocaleString('en-US'));

function cells({ stamp, state, total, ok, failed, durationMs }: RunFacts): string[] {
  return [
    stamp,
    state,
    number(total),
    number(ok),
    number(failed),
    durationMs === null ? '?' : durationText(durationMs),
  ];
}

function aligned(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width);
}

function details(run: RunFacts, next: Next): string[] {
  const command = next(run);
  return [...(run.problem === null ? [] : [`  ${run.problem}`]), ...(command === undefined ? [] : [`  ${command}`])];
}

/** Runs as a JSON list, in the names of the summary; `next` is the command that goes on, or null. */
export function runJson(runs: readonly RunFacts[], next: Next): string {
  const list = runs.map((run) => ({
    run: run.stamp,
    state: run.state,
    started_at: run.startedAt,
    duration_seconds: run.durationMs === null ? null : run.durationMs / 1000,
    customers: { total: run.total, ok: run.ok, failed: run.failed },
    records: run.records,
    requests: run.requests,
    problem: run.problem,
    next: next(run) ?? null,
    results: run.paths.results,
    summary: run.state === 'finished' ? run.paths.summary : null,
  }));
  return JSON.stringify(list, undefined, 2);
}
