import { escapeLine } from '../channel/escape.ts';
import type { RunPaths } from '../output/claim-files.ts';
import type { Tally } from '../output/tally.ts';

const count = (n: number): string => n.toLocaleString('en-US');
/** `1 record`, `2,874 records`. */
export const recordsText = (n: number): string => `${count(n)} ${n === 1 ? 'record' : 'records'}`;
const customers = (n: number): string => `${count(n)} ${n === 1 ? 'customer' : 'customers'}`;

/** Seconds in words that fit their size: `3.2 s`, `4 min 12 s`, `2 h 05 min`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** As Python prints a timedelta, which is how the original logs its run time: `0:00:03.204000`. */
export function timedelta(ms: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const seconds = ms / 1000;
  const clock = `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  const micros = Math.round((ms % 1000) * 1000);
  return micros === 0 ? clock : `${clock}.${String(micros).padStart(6, '0')}`;
}

/** Failures by kind, the most frequent first: `http_5xx 8, timeout 4`. */
const kinds = ({ failures }: Tally): string =>
  Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, n]) => `${kind} ${count(n)}`)
    .join(', ');

/**
 * What a person is told at the end of a complete run; `retry` is the command that asks for the failed ones again, `flow`
 * what the endpoint was found to be like.
 */
export function completeAccount(
  tally: Tally,
  paths: RunPaths,
  durationMs: number,
  retry: string,
  flow?: string,
): string {
  const { read, ok, failed, records } = tally;
  const failures = failed === 0 ? 'none failed' : `${count(failed)} failed (${kinds(tally)})`;
  const lines = [
    `aggregate: ${customers(read)} in ${durationText(durationMs)}: ${count(ok)} in the results, ${failures}`,
    `  results  ${paths.results} (${recordsText(records)})`,
    `  log      ${paths.log}`,
  ];
  if (flow !== undefined) lines.push(`  flow     ${flow}`);
  if (failed > 0) {
    lines.push(
      `  failed   ${paths.failed}`,
      `  reasons  ${paths.exceptions}`,
      `  ask again for the failed ones:  ${retry}`,
    );
  }
  return lines.map(escapeLine).join('\n');
}

/**
 * What a person is told when a run was ended early: what stands, what is missing, and how to go on, where that can be done.
 */
export function interruptedAccount(
  why: string,
  tally: Tally,
  paths: RunPaths,
  isListRead: boolean,
  goOn: string | undefined,
): string {
  const { ok, failed, open } = tally;
  const rest = isListRead
    ? `${customers(open)} not settled`
    : `${count(open)} of those read not settled, the rest of the list not read`;
  const lines = [
    `aggregate: ${why}: ${customers(ok)} in the results, ${count(failed)} failed, ${rest}`,
    `  results  ${paths.results}`,
    `  log      ${paths.log}`,
  ];
  if (failed > 0) lines.push(`  failed   ${paths.failed}`);
  lines.push(`  ${goOn ?? 'nobody can go on with this run: start a new one'}`);
  return lines.map(escapeLine).join('\n');
}
