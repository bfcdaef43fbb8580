import { DEFAULT_PLAN_KINDS, type FaultPlan } from '../../fixtures/fault-plan.ts';
import { type AnswersShape, PAGE_STYLES } from './evidence.ts';
import { type Blow, planBlows } from './nemesis.ts';
import { createRandom, type Random } from './random.ts';
import type { ResultsShape } from './results-file.ts';

/** Everything that a seed decides of a round. */
export interface RoundPlan {
  seed: number;
  rows: number;
  processCount: number;
  requestsPerProcess: number;
  chunkSize: number;
  checkpointSeconds: number;
  shape: ResultsShape;
  answers: AnswersShape;
  latencyMs: number;
  faults: FaultPlan;
  maxAttempts: number;
  /** The blows of each start; those that come after are left alone. */
  starts: Blow[][];
  /** Whether the next start waits until the children of one that was killed have left. */
  waitsForChildren: boolean;
}

/** A run that only waits for its endpoint shows nothing: the latency is kept so low that the whole list takes no longer. */
const LONGEST_WAIT_MS = 3_000;
const MOST_STARTS = 6;
/**
 * Two attempts, so that no round is spent on pauses; then a fault that passes after two requests, or that asks for a
 * pause, is well or not by how often the run was killed.
 */
const MAX_ATTEMPTS = 2;
const KINDS = DEFAULT_PLAN_KINDS.filter((kind) => !/:2$|retry-after(-date)?=1$/.test(kind));

/** Those whose answers come on pages; the other ones put an answer of their own in place of a page. */
const PAGED_KINDS = [
  ...['delay=20', 'stale', '503:1', '500:1', 'reset:1', 'close-body:1', 'cut-chunked:1'],
  ...['400', '404', '500', 'html', 'truncated', 'no-details'],
];
/** Somebody else's answer, once and always. */
const MIXED_UP_KINDS = ['other-customer:1', 'other-customer'];
const MOST_PAGES = 4;

/** The round of a seed. `maxRows` bounds the list, for tests that are to be short. */
export function planRound(seed: number, maxRows = 1500): RoundPlan {
  const random = createRandom(seed);
  const rows = random.int(50, maxRows);
  const processCount = random.int(1, 4);
  const requestsPerProcess = random.int(1, 16);
  return withAnswers(random, {
    seed,
    rows,
    processCount,
    requestsPerProcess,
    chunkSize: random.int(1, 50),
    checkpointSeconds: random.pick([0.01, 0.05, 0.2, 0.5, 1]),
    latencyMs: Math.min(random.int(0, 10), Math.floor((LONGEST_WAIT_MS * processCount * requestsPerProcess) / rows)),
    faults: planFaults(random, seed),
    maxAttempts: MAX_ATTEMPTS,
    starts: Array.from({ length: random.int(1, MOST_STARTS) }, () => planBlows(random, rows)),
    waitsForChildren: random.chance(0.5),
    // Last, so that all else of a seed's round stays what it was.
    shape: planShape(random),
  });
}

/** The same round, its answers on pages or verified, with faults that such answers may have. */
function withAnswers(random: Random, plan: Omit<RoundPlan, 'answers'>): RoundPlan {
  const answers = planAnswers(random);
  const { pages, isVerified } = answers;
  const kinds = [...(pages === undefined ? KINDS : PAGED_KINDS), ...(isVerified ? MIXED_UP_KINDS : [])];
  const latencyMs = Math.floor(plan.latencyMs / ((pages?.count ?? 0) + 1));
  return { ...plan, latencyMs, answers, faults: { ...plan.faults, kinds } };
}

function planAnswers(random: Random): AnswersShape {
  const isVerified = random.chance(0.5);
  if (!random.chance(0.4)) return { isVerified };
  const count = random.int(1, MOST_PAGES);
  return { isVerified, pages: { style: random.pick(PAGE_STYLES), count, faultPage: random.int(1, count) } };
}

const planShape = (random: Random): ResultsShape => ({
  outputFormat: random.pick(['text', 'csv', 'tsv', 'ndjson']),
  outputOrder: random.pick(['arrival', 'input']),
  outputCompression: random.pick(['none', 'none', 'gzip', 'zstd']),
});

const planFaults = (random: Random, seed: number): FaultPlan => ({
  rate: random.chance(0.5) ? 0 : random.int(1, 10) / 100,
  seed,
});
