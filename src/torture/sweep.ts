import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canTrace, type FileName } from './strace.ts';
import { type PointReport, runPoint, type SweepPoint } from './sweep-point.ts';

type Series = Omit<SweepPoint, 'when'> & { isLasting?: boolean };

const OUTPUTS: readonly FileName[] = ['results', 'failed', 'exceptions', 'journal'];
const KILLED = ['openat', 'pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename'];
/**
 * Before the first checkpoint that knows of the failed file: files that had begun, and that the journal does not know of
 * yet, are taken away by a resume. Failures are written once the endpoint is known to be well after them, so in one of a few.
 */
const BEFORE_FILES_ARE_KNOWN = ['5', '6', '7', '8'];
const ASKED_TO_END = ['openat', 'fdatasync', 'rename'];
const FAILING: readonly Series[] = [
  { phase: 'run', syscall: 'fdatasync', effect: 'error=EIO' },
  { phase: 'run', syscall: 'pwrite64', effect: 'error=ENOSPC', files: OUTPUTS, isLasting: true },
  { phase: 'run', syscall: 'openat', effect: 'error=ENOSPC', files: OUTPUTS },
  { phase: 'run', syscall: 'fsync', effect: 'error=EIO' },
  { phase: 'run', syscall: 'rename', effect: 'error=EIO' },
  { phase: 'resume', syscall: 'ftruncate', effect: 'error=EIO' },
  { phase: 'resume', syscall: 'fdatasync', effect: 'error=EIO' },
  { phase: 'resume', syscall: 'pwrite64', effect: 'error=ENOSPC', files: OUTPUTS, isLasting: true },
  { phase: 'retry', syscall: 'fdatasync', effect: 'error=EIO' },
  { phase: 'retry', syscall: 'pwrite64', effect: 'error=ENOSPC', files: OUTPUTS, isLasting: true },
  { phase: 'retry', syscall: 'rename', effect: 'error=EIO' },
];

/** Every series of points: a kill, and a SIGTERM, before each call in a run, in a resume and in a retry, then calls that fail. */
export const SERIES: readonly Series[] = [
  ...KILLED.map((syscall): Series => ({ phase: 'run', syscall, effect: 'signal=KILL' })),
  ...KILLED.map((syscall): Series => ({ phase: 'resume', syscall, effect: 'signal=KILL' })),
  ...[...KILLED, 'unlink'].map((syscall): Series => ({ phase: 'retry', syscall, effect: 'signal=KILL' })),
  ...BEFORE_FILES_ARE_KNOWN.map(
    (baseKillAt): Series => ({ phase: 'resume', syscall: 'unlink', effect: 'signal=KILL', baseKillAt }),
  ),
  ...(['run', 'resume', 'retry'] as const).flatMap((phase) =>
    ASKED_TO_END.map((syscall): Series => ({ phase, syscall, effect: 'signal=TERM' })),
  ),
  ...FAILING,
];

/** More calls than a start of the sweep makes. */
const MAX_POINTS = 1000;

/** Strikes at the first call, the second, and so on, in each series until a start gets through; gives how many points failed. */
export async function runSweep(folder: string, say: (line: string) => void): Promise<number> {
  if (!canTrace()) {
    say('skipped: the sweep over system calls: there is no strace here, or it may not trace');
    return 0;
  }
  let failures = 0;
  let points = 0;
  for (const series of SERIES) {
    const { reached, failed } = await runSeries(series, folder, say);
    points += reached;
    failures += failed;
    say(`sweep: ${tellSeries(series)}: ${reached} points, ${failed} failed`);
  }
  say(`sweep: ${points} points, ${failures} failed`);
  return failures;
}

async function runSeries(series: Series, folder: string, say: (line: string) => void) {
  let failed = 0;
  for (let nth = 1; nth <= MAX_POINTS; nth += 1) {
    const point = { ...series, when: `${nth}${series.isLasting ? '+' : ''}` };
    const { phase, syscall, effect, baseKillAt = 'any' } = series;
    const own = join(folder, `${phase}-${syscall}-${effect.replace('=', '-')}-${baseKillAt}-${nth}`);
    mkdirSync(own);
    const report = await runPoint(point, own);
    if (report.verdict.violations.length === 0) rmSync(own, { recursive: true });
    else {
      failed += 1;
      sayFailure(point, report, own, say);
    }
    if (!report.isReached) return { reached: nth - 1, failed };
  }
  throw new Error(`${tellSeries(series)}: more than ${MAX_POINTS} calls`);
}

function sayFailure(
  point: SweepPoint,
  { verdict, evidence }: PointReport,
  folder: string,
  say: (line: string) => void,
) {
  const ends = evidence.starts.map(({ exitCode, signal }) => signal ?? exitCode).join(' → ');
  say(`sweep: ${tellSeries(point)}:when=${point.when} FAILED (${ends}); kept: ${folder}`);
  for (const violation of verdict.violations) say(`  ${violation}`);
}

const tellSeries = ({ phase, syscall, effect }: Series): string => `${phase}: ${syscall}:${effect}`;
