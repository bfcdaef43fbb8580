import type { Measure } from './measure.ts';
import { median } from './median.ts';
import type { BenchOptions } from './options.ts';
import type { Starts } from './starts.ts';

/** A row and what its runs took. */
export interface Measured {
  name: string;
  title: string;
  runs: Measure[];
}

/** The medians of a row. */
export interface Figures {
  name: string;
  title: string;
  customersPerSecond: number;
  cpuMicroseconds: number;
  largestMb: number;
  parentMb: number;
  childMb: number;
  allMb: number;
}

export const figuresOf = ({ name, title, runs }: Measured, customers: number): Figures => ({
  name,
  title,
  customersPerSecond: customers / median(runs.map(({ seconds }) => seconds)),
  cpuMicroseconds: (median(runs.map(({ cpuSeconds }) => cpuSeconds)) / customers) * 1e6,
  largestMb: median(runs.map(({ largestMb }) => largestMb)),
  parentMb: median(runs.map(({ parentMb }) => parentMb)),
  childMb: median(runs.map(({ childMb }) => childMb)),
  allMb: median(runs.map(({ allMb }) => allMb)),
});

const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** The table of figures, as Markdown; with a latency, the share of what it allows too. */
export function tableOf(figures: readonly Figures[], { latencyMs, inFlight }: BenchOptions): string {
  const limit = (inFlight / latencyMs) * 1000;
  const share = ({ customersPerSecond }: Figures) => ` ${((customersPerSecond / limit) * 100).toFixed(1)} % |`;
  const lines = figures.map(
    (it) =>
      `| ${it.title} | ${count(it.customersPerSecond)} | ${it.cpuMicroseconds.toFixed(0)} | ${it.largestMb.toFixed(0)} | ${it.allMb.toFixed(0)} |${latencyMs > 0 ? share(it) : ''}`,
  );
  const [head, rule] = latencyMs > 0 ? [` of ${count(limit)}/s |`, '--:|'] : ['', ''];
  return [
    `| program | customers a second | CPU µs a customer | largest process MB | all processes MB |${head}`,
    `|---|--:|--:|--:|--:|${rule}`,
    ...lines,
  ].join('\n');
}

/** A ratio of one run, and what it should be. */
export interface Ratio {
  what: string;
  value: number;
  goal: number;
  isAtMost: boolean;
}

export const atMost = (what: string, value: number, goal: number): Ratio => ({ what, value, goal, isAtMost: true });
export const atLeast = (what: string, value: number, goal: number): Ratio => ({ what, value, goal, isAtMost: false });

/** The ratios that the measured rows allow. */
export function ratiosOf(figures: readonly Figures[], options: BenchOptions, starts?: Starts): Ratio[] {
  const rows = options.latencyMs > 0 ? latencyRatios(figures, options) : speedRatios(figures);
  return [...rows, ...memoryRatios(figures), ...startRatios(starts)];
}

/** Of two rows, by their names: the figures of the first to those of the second. */
interface SpeedGoal extends Pick<Ratio, 'what' | 'goal'> {
  of: string;
  to: string;
  by: 'customersPerSecond' | 'cpuMicroseconds';
}

const SPEED_GOALS: readonly SpeedGoal[] = [
  { what: 'got: CPU to that of the bare got loop', of: 'aggregate-got', to: 'got', by: 'cpuMicroseconds', goal: 1 },
  {
    what: 'got: speed of 2 processes to that of 1',
    ...{ of: 'aggregate-got', to: 'aggregate-got-1', by: 'customersPerSecond', goal: 1.7 },
  },
  {
    what: 'what the machine allows: speed of two bare got loops to that of one',
    ...{ of: 'got-halves', to: 'got', by: 'customersPerSecond', goal: 1.7 },
  },
  {
    what: 'undici: CPU to that of the bare `dispatch` loop',
    ...{ of: 'aggregate-undici', to: 'undici-dispatch', by: 'cpuMicroseconds', goal: 1.5 },
  },
  {
    what: 'undici, 1 process, as the loop has: CPU to that of the bare `dispatch` loop',
    ...{ of: 'aggregate-undici-1', to: 'undici-dispatch', by: 'cpuMicroseconds', goal: 1.5 },
  },
  {
    what: 'undici: CPU to that of `curl --parallel`, jq',
    ...{ of: 'aggregate-undici', to: 'curl', by: 'cpuMicroseconds', goal: 0.65 },
  },
  {
    what: 'undici: speed to that of `curl --parallel`, jq',
    ...{ of: 'aggregate-undici', to: 'curl', by: 'customersPerSecond', goal: 1 },
  },
];

/** What costs is to be at most so much, what is quick at least. */
const speedRatios = (figures: readonly Figures[]): Ratio[] =>
  SPEED_GOALS.flatMap(({ what, of, to, by, goal }) => {
    const [above, below] = [of, to].map((wanted) => figures.find(({ name }) => name === wanted));
    return above && below ? [{ what, value: above[by] / below[by], goal, isAtMost: by === 'cpuMicroseconds' }] : [];
  });

const memoryRatios = (figures: readonly Figures[]): Ratio[] =>
  figures
    .filter(({ name }) => name.startsWith('aggregate-'))
    .flatMap(({ title, parentMb, childMb }) => [
      atMost(`${title}: MB of the parent`, parentMb, 120),
      atMost(`${title}: MB of the largest child`, childMb, 150),
    ]);

/** Few requests in flight leave the processors idle; many want most of them. */
const latencyRatios = (figures: readonly Figures[], { latencyMs, inFlight }: BenchOptions): Ratio[] =>
  figures
    .filter(({ name }) => name.startsWith('aggregate-'))
    .map(({ title, customersPerSecond }) =>
      atLeast(
        `${title}: share of ${inFlight} in flight at ${latencyMs} ms`,
        customersPerSecond / ((inFlight / latencyMs) * 1000),
        inFlight <= 64 ? 0.975 : 0.9,
      ),
    );

const startRatios = (starts: Starts | undefined): Ratio[] =>
  starts === undefined
    ? []
    : [
        atMost('`aggregate --version`: time to that of `node -e 0`', starts.version / starts.bare, 1.6),
        atMost('`aggregate run` on one customer: time to that of `node -e 0`', starts.run / starts.bare, 8),
      ];

/** The ratios as Markdown. */
export const ratioTableOf = (ratios: readonly Ratio[]): string =>
  [
    '| ratio | measured | should be | |',
    '|---|--:|--:|---|',
    ...ratios.map(({ what, value, goal, isAtMost }) => {
      const isReached = isAtMost ? value <= goal : value >= goal;
      return `| ${what} | ${value.toFixed(2)} | ${isAtMost ? '≤' : '≥'} ${goal} | ${isReached ? 'reached' : '**not reached**'} |`;
    }),
  ].join('\n');

/** Goals that a run with these options says nothing of, and how they are measured; empty where there are none. */
export function untoldGoals({ latencyMs, only }: BenchOptions): string {
  const ways = [
    ...(latencyMs === 0 ? ['share of the latency limit (`--latency-ms 50`, `--in-flight 64` and `512`)'] : []),
    ...(latencyMs > 0 ? ['processor time, memory and start (without `--latency-ms`)'] : []),
    ...(only.includes('growth') ? [] : ['growth (`--only growth --customers 10000000`)']),
  ];
  return ways.length === 0 ? '' : `Measured apart: ${ways.join('; ')}.`;
}
