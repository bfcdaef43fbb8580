import { describe, expect, it } from 'vitest';
import { hasStrace } from '../testing/requirements.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runRound } from './round.ts';
import { planRound } from './round-plan.ts';
import { runPoint, type SweepPoint } from './sweep-point.ts';
import { tellRound } from './tell-round.ts';

/**
 * The portion of `npm run torture` that every test run can afford; together they have every signal, to the parent, a
 * child and the group, with faults and without.
 */
const SEEDS = [52, 146, 261];
const SHORT_LIST = 150;

const POINTS: readonly SweepPoint[] = [
  { phase: 'run', syscall: 'pwrite64', effect: 'signal=KILL', when: '20' },
  { phase: 'run', syscall: 'openat', effect: 'signal=KILL', when: '7' },
  { phase: 'run', syscall: 'rename', effect: 'signal=KILL', when: '1' },
  { phase: 'resume', syscall: 'fdatasync', effect: 'signal=KILL', when: '3' },
  { phase: 'resume', syscall: 'ftruncate', effect: 'signal=KILL', when: '2' },
  // Asked to end while it begins, while it recovers, and while it writes its last file.
  { phase: 'run', syscall: 'openat', effect: 'signal=TERM', when: '2' },
  { phase: 'resume', syscall: 'openat', effect: 'signal=TERM', when: '4' },
  { phase: 'run', syscall: 'rename', effect: 'signal=TERM', when: '1' },
];

/** The row of the faults that a point injects. */
const rowOf = ({ phase, effect }: SweepPoint): string => {
  if (effect === 'signal=TERM') return 'X9';
  return phase === 'run' ? 'P2' : 'P3';
};

describe('a run that is killed and taken up again at random', () => {
  for (const seed of SEEDS) {
    it(`P1, C1, C7, P15: ends with the files that it would have had: seed ${seed}`, async () => {
      const report = await runRound(planRound(seed, SHORT_LIST), temporaryFolder());
      expect(report.verdict.violations, tellRound(report)).toEqual([]);
    });
  }
});

describe.skipIf(!hasStrace('the sweep over system calls'))(
  'a run that is killed, or asked to end, before a system call',
  () => {
    for (const point of POINTS) {
      it(`${rowOf(point)}: ends with the files that it would have had: ${point.phase}, ${point.syscall} ${point.when}, ${point.effect}`, async () => {
        const { isReached, verdict } = await runPoint(point, temporaryFolder());
        expect(isReached).toBe(true);
        expect(verdict.violations).toEqual([]);
      });
    }
  },
);
