import type { FlowMessage, PermitsMessage, ResultsMessage, WantsMessage } from '../channel/protocol.ts';
import { Permits } from '../child/permits.ts';
import { Results } from '../child/results.ts';
import type { SimulatedClock } from './clock.ts';
import type { Reply, SimulatedEndpoint } from './endpoints.ts';

/** What a simulated child is part of. */
export interface ChildWorld {
  clock: SimulatedClock;
  endpoint: SimulatedEndpoint;
  /** Hands a message to the parent. */
  tell(message: WantsMessage | ResultsMessage): void;
  /** Sees each reply. */
  onReply(reply: Reply): void;
}

const SIGNS = { 200: 'well', 429: 'limited', 503: 'overload' } as const;

/**
 * A child as far as its requests are concerned, with the real permits and results, and customers without end: whenever it
 * has a slot, it has a customer for it.
 */
export class SimulatedChild {
  readonly #world: ChildWorld;
  readonly #permits: Permits;
  readonly #results = new Results();
  #slots = 0;
  #busy = 0;
  #inFlight = 0;
  #reportMs = 0;
  #isFlushing = false;

  constructor(world: ChildWorld) {
    this.#world = world;
    this.#permits = new Permits({
      nowMs: () => world.clock.nowMs,
      wake: (delayMs, call) => world.clock.after(delayMs, call),
      soon: (call) => world.clock.after(0, call),
      ask: (message) => world.tell(message),
    });
  }

  take(message: FlowMessage | PermitsMessage): void {
    if (message.type === 'permits') this.#permits.give(message);
    else {
      this.#reportMs = message.reportMs;
      this.#slots = Math.max(1, message.inFlight);
      this.#permits.take(message);
    }
    this.#fill();
  }

  #fill(): void {
    while (this.#busy < this.#slots) {
      this.#busy += 1;
      if (this.#permits.begin()) this.#ask();
      else this.#permits.wait(() => this.#ask());
    }
  }

  #ask(): void {
    const sentMs = this.#world.clock.nowMs;
    this.#inFlight += 1;
    this.#world.endpoint.ask((reply) => this.#takeReply(reply, this.#world.clock.nowMs - sentMs));
  }

  #takeReply(reply: Reply, elapsedMs: number): void {
    this.#world.onReply(reply);
    this.#inFlight -= 1;
    const { status } = reply;
    const retryAfterMs = 'retryAfterMs' in reply ? reply.retryAfterMs : undefined;
    const failure = status === 200 ? undefined : ({ kind: 'http_5xx', reason: `HTTP ${status}` } as const);
    this.#results.add({ sign: SIGNS[status], isFirst: true, elapsedMs, failure, retryAfterMs });
    if (status === 200) this.#results.countRead();
    if (status === 429) {
      this.#permits.hold();
      this.#flush();
    } else this.#planFlush();
    this.#busy -= 1;
    this.#fill();
  }

  #planFlush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#world.clock.after(this.#reportMs, () => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#results.isEmpty) this.#world.tell(this.#results.take(this.#inFlight, 0));
  }
}
