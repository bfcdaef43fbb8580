import { Gate } from '../flow/gate.ts';
import { createRandom } from '../torture/random.ts';
import { SimulatedClock } from './clock.ts';
import { type SimulatedEndpoint, slotServer, tokenBucket, type World } from './endpoints.ts';
import { SimulatedChild } from './simulated-child.ts';

/** What came of a stretch of a simulated run. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  well: number;
  /** Answers that said that it was too much. */
  refused: number;
  /** Answers that the endpoint could have given. */
  possible: number;
}

export interface SimulationOptions {
  isAdaptive: boolean;
  seed: number;
  /** How long it lasts, and into stretches of which length it is cut. */
  lengthMs: number;
  stretchMs: number;
  processCount?: number;
  requestsPerProcess?: number;
}

/** The endpoints with a hidden limit, by name. */
export const ENDPOINTS: Readonly<Record<string, (world: World) => SimulatedEndpoint>> = {
  'token bucket, 300/s': (world) => tokenBucket('', world, () => 300),
  'token bucket, 300/s, Retry-After: 1': (world) => tokenBucket('', world, () => 300, 1000),
  '20 slots and a queue': (world) => slotServer('', world, 20, 20),
  '20 slots and an endless queue': (world) => slotServer('', world, 20, Number.POSITIVE_INFINITY),
  'limit halves for the second minute': (world) =>
    tokenBucket('', world, (nowMs) => (nowMs >= 60_000 && nowMs < 120_000 ? 150 : 300)),
};

/** A message from process to process takes so long. */
const MESSAGE_MS = 0.5;

/** A run against an endpoint with a hidden limit, with the real gate, in time that passes only from event to event. */
export function simulate(endpointName: string, options: SimulationOptions): Stretch[] {
  const { isAdaptive, seed, lengthMs, stretchMs, processCount = 4, requestsPerProcess = 16 } = options;
  const clock = new SimulatedClock();
  const random = createRandom(seed);
  const endpoint = ENDPOINTS[endpointName]?.({ clock, random });
  if (endpoint === undefined) throw new Error(`there is no endpoint ${endpointName}`);
  const settings = { processCount, requestsPerProcess, perSecond: Number.POSITIVE_INFINITY };
  const patience = { isAdaptive, canary: 0, patienceMs: 600_000 };
  const gate = new Gate<SimulatedChild>({ ...settings, ...patience }, 0, () => random.int(0, 999) / 1000);
  const stretches = stretchesOf(lengthMs, stretchMs, endpoint);
  let callOff = () => {};
  const turn = (): void => {
    callOff();
    const { send, nextMs, stop } = gate.turn(clock.nowMs, () => true);
    if (stop !== undefined) throw new Error(stop);
    for (const { child, message } of send) clock.after(MESSAGE_MS, () => child.take(message));
    if (Number.isFinite(nextMs)) callOff = clock.after(nextMs - clock.nowMs, turn);
  };
  for (let i = 0; i < processCount; i += 1) {
    const child: SimulatedChild = new SimulatedChild({
      clock,
      endpoint,
      tell: (message) =>
        void clock.after(MESSAGE_MS, () => {
          if (message.type === 'wants') gate.takeWants(child, message);
          else gate.takeResults(child, message, clock.nowMs);
          turn();
        }),
      onReply: ({ status }) => {
        const stretch = stretches[Math.floor(clock.nowMs / stretchMs)];
        if (stretch !== undefined) stretch[status === 200 ? 'well' : 'refused'] += 1;
      },
    });
    gate.join(child);
  }
  turn();
  clock.runUntil(lengthMs);
  return stretches;
}

/** What was possible is the sum of what was possible in each second. */
function stretchesOf(lengthMs: number, stretchMs: number, { capacity }: SimulatedEndpoint): Stretch[] {
  return Array.from({ length: Math.ceil(lengthMs / stretchMs) }, (_, i) => {
    const fromMs = i * stretchMs;
    const toMs = Math.min(lengthMs, fromMs + stretchMs);
    const seconds = Array.from({ length: (toMs - fromMs) / 1000 }, (_, second) => capacity(fromMs + second * 1000));
    return { fromMs, toMs, well: 0, refused: 0, possible: seconds.reduce((sum, each) => sum + each, 0) };
  });
}

/** Good answers among those that were possible, and refusals among all answers, over some stretches. */
export function sharesIn(stretches: readonly Stretch[]): { used: number; refused: number } {
  const sum = (key: 'well' | 'refused' | 'possible') => stretches.reduce((total, each) => total + each[key], 0);
  return { used: sum('well') / sum('possible'), refused: sum('refused') / Math.max(1, sum('well') + sum('refused')) };
}
