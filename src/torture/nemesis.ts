import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../testing/aggregate-process.ts';
import type { Harm } from './evidence.ts';
import type { Victim } from './observed-run.ts';
import type { Random } from './random.ts';

/** When a blow falls: after so many requests of this start, or so many milliseconds after it began. */
export type Moment = { afterRequests: number } | { afterMs: number };

/** One thing that is done to a start. */
export interface Blow {
  moment: Moment;
  to: 'parent' | 'child' | 'group';
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGSTOP';
  /** Which of the children, modulo how many there are. */
  child: number;
  /** How long something that was stopped stays so. */
  stoppedMs: number;
}

/** A start takes up to so long to begin its requests: blows by time fall before, at, and after that. */
const LATEST_BLOW_MS = 1_200;
/** Two, since by the third a customer that was with all of them is rightly given up. */
const MAX_CHILD_KILLS = 2;
const POLL_MS = 1;

/** The blows of one start, in their order; the last one is meant to end it. `rows` is the length of the list. */
export function planBlows(random: Random, rows: number): Blow[] {
  const atRequests = random.int(1, Math.max(2, Math.floor(rows / 2)));
  const early = Array.from({ length: random.int(0, MAX_CHILD_KILLS) }, () => random.int(0, atRequests)).sort(
    (a, b) => a - b,
  );
  const blows = early.map((afterRequests) => planDisturbance(random, { afterRequests }));
  const moment = random.chance(0.7) ? { afterRequests: atRequests } : { afterMs: random.int(0, LATEST_BLOW_MS) };
  const last = planEnd(random, moment);
  const isTwice = last.signal !== 'SIGKILL' && random.chance(0.3);
  return isTwice ? [...blows, last, { ...last, moment: { afterMs: 0 } }] : [...blows, last];
}

function planDisturbance(random: Random, moment: Moment): Blow {
  const signal = random.chance(0.6) ? 'SIGKILL' : 'SIGSTOP';
  const to = signal === 'SIGSTOP' && random.chance(0.5) ? 'parent' : 'child';
  return { moment, to, signal, child: random.int(0, 3), stoppedMs: random.int(1, 200) };
}

function planEnd(random: Random, moment: Moment): Blow {
  const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'] as const);
  return { moment, to: random.pick(['parent', 'parent', 'group'] as const), signal, child: 0, stoppedMs: 0 };
}

/** Strikes as planned, each blow in its turn; gives those that met somebody. */
export async function strike(blows: readonly Blow[], victim: Victim): Promise<Harm[]> {
  const beganMs = performance.now();
  const harms: Harm[] = [];
  for (const blow of blows) {
    await until(blow.moment, beganMs, victim);
    if (victim.hasEnded()) break;
    const target = targetOf(blow, victim);
    if (target === undefined || !send(target, blow.signal)) continue;
    harms.push({ by: 'signal', to: blow.to, signal: blow.signal });
    if (blow.signal !== 'SIGSTOP') continue;
    await sleep(blow.stoppedMs);
    send(target, 'SIGCONT');
  }
  return harms;
}

async function until(moment: Moment, beganMs: number, victim: Victim): Promise<void> {
  const isDue = () =>
    'afterRequests' in moment
      ? victim.requests() >= moment.afterRequests
      : performance.now() - beganMs >= moment.afterMs;
  while (!isDue() && !victim.hasEnded()) await sleep(POLL_MS);
}

/** A process id, negative for a group (kill(2)); undefined where there is no child. */
function targetOf({ to, child }: Blow, { pid }: Victim): number | undefined {
  if (to === 'parent') return pid;
  if (to === 'group') return -pid;
  const children = childrenOf(pid);
  return children[child % Math.max(1, children.length)];
}

/** False where it is gone. */
function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
