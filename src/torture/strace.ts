import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { stampOf } from '../output/stamp.ts';
import { fileNames } from './run-files.ts';

/** What befalls a system call: the process dies or is asked to end before it, it comes so many microseconds late, or it fails. `when` is as strace has it: `3` or `3+`. */
export interface Injection {
  syscall: string;
  effect: 'signal=KILL' | 'signal=TERM' | `delay_enter=${number}` | `error=${string}`;
  when: string;
}

export type FileName = keyof ReturnType<typeof fileNames>;
const ALL_FILES: readonly FileName[] = ['results', 'log', 'failed', 'exceptions', 'journal', 'summary'];
/** A run takes its stamp from the second in which it begins: strace is told of the files of all that may be. */
const SECONDS_AHEAD = 20;

/** Whether strace is there and may trace; without the right to, it ends with an error. */
export const canTrace = (): boolean => spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/**
 * One thread for all files' calls, since strace counts the calls of each thread apart: only so is the Nth call of a run
 * the Nth of its thread.
 */
export const TRACED_ENV = { UV_THREADPOOL_SIZE: '1', TZ: 'UTC' } as const;

/**
 * The words before a command that is to be traced with an injection into its calls on `paths`, whose trace goes to
 * `trace`. Children are traced too (the threads of the program can be had only with them), but open none of those paths.
 * Not with `--seccomp-bpf`: strace 6.1 then delivers no signal from the second call on (measured).
 */
export function straceWords({ syscall, effect, when }: Injection, paths: readonly string[], trace: string): string[] {
  return [
    ...['strace', '-f', '-qq', '-y', '-o', trace],
    ...paths.flatMap((path) => ['-P', path]),
    ...['-e', `trace=${syscall}`, '-e', `inject=${syscall}:${effect}:when=${when}`],
  ];
}

/** The folder and the files in it that a run has which begins about now, or had that has this stamp. */
export function tracedPaths(folder: string, stamp?: string, names: readonly FileName[] = ALL_FILES): string[] {
  const real = realpathSync(folder);
  const stamps = stamp === undefined ? stampsFromNow() : [stamp];
  const files = stamps.flatMap((each) => names.map((name) => join(real, fileNames(each)[name])));
  const unfinished = files.map((file) => `${file}.new`);
  return names === ALL_FILES ? [real, ...files, ...unfinished] : files;
}

/** In UTC, as the traced program is started with; this process may have another zone. */
function stampsFromNow(): string[] {
  const zoneMs = new Date().getTimezoneOffset() * 60_000;
  return Array.from({ length: SECONDS_AHEAD }, (_, ahead) => stampOf(new Date(Date.now() + zoneMs + ahead * 1000)));
}
