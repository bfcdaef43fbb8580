import { machineMs } from '../channel/machine-clock.ts';
import type { FailureKind, FlowMessage, PermitsMessage, ResultsMessage, WantsMessage } from '../channel/protocol.ts';
import { quotaOf } from '../http/quota.ts';
import type { AttemptFailure } from '../http/retry-policy.ts';
import type { AttemptReport, Gate } from './gate.ts';
import { Lag } from './lag.ts';
import { Permits } from './permits.ts';
import { RestingSlots } from './resting-slots.ts';
import { Results } from './results.ts';
import { misreadRefusal, refusalOf, signOf } from './sign.ts';

/**
 * Of a quota of which no more than so much is left, each answer is told of at once: the parent is to hear of it before it
 * is used up. That many messages at most come of it until the quota is renewed.
 */
const SCARCE = 1000;

export interface FlowGateDeps {
  send(message: WantsMessage | ResultsMessage): void;
  /** So many requests may be in flight in this child from now on, at least one. */
  setSlots(slots: number): void;
  redact(text: string): string;
  signal: AbortSignal;
}

/** The child's side of the flow: lets requests begin as the parent allows, and tells it what came of them. */
export class FlowGate implements Gate {
  readonly #deps: FlowGateDeps;
  readonly #permits: Permits;
  readonly #results = new Results();
  readonly #lag = new Lag();
  readonly #slots: RestingSlots;
  #reportMs = 0;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: FlowGateDeps) {
    this.#deps = deps;
    this.#permits = new Permits({
      nowMs: machineMs,
      wake: (delayMs, call) => {
        const timer = setTimeout(call, delayMs);
        return () => clearTimeout(timer);
      },
      soon: setImmediate,
      ask: (message) => deps.send(message),
    });
    this.#slots = new RestingSlots(deps.setSlots);
    deps.signal.addEventListener('abort', () => this.#permits.release(), { once: true });
  }

  take(message: FlowMessage | PermitsMessage): void {
    if (message.type === 'permits') {
      this.#permits.give(message);
      return;
    }
    this.#reportMs = message.reportMs;
    this.#slots.allowed = message.inFlight;
    this.#permits.take(message);
  }

  enter(): Promise<void> | undefined {
    if (!this.#deps.signal.aborted && !this.#permits.begin()) return this.#enterLater();
    this.#inFlight += 1;
    return undefined;
  }

  leave(): void {
    this.#inFlight -= 1;
  }

  report({ result, verdict, elapsedMs, attempt }: AttemptReport): void {
    const sign = signOf(result, verdict);
    const isFirst = attempt === 1;
    const quota = 'answer' in result ? quotaOf(result.answer.headers, Date.now()) : undefined;
    this.#results.add({
      sign,
      isFirst,
      elapsedMs,
      failure: 'failure' in verdict ? this.#redacted(verdict.failure) : undefined,
      refusal: isFirst ? refusalOf(result, verdict, this.#deps.redact) : undefined,
      quota,
      retryAfterMs: verdict.is === 'limited' ? verdict.retryAfterMs : undefined,
      // From then on each uses up an attempt.
      isFirstOwn: isFirst && verdict.is === 'retry' && verdict.isOwn === true,
    });
    if (sign === 'well') this.#slots.answered(elapsedMs);
    else if (sign === 'overload') this.#slots.refused(elapsedMs);
    if (sign === 'limited') {
      this.#permits.hold();
      this.flush();
    } else if (quota !== undefined && quota.remaining <= SCARCE) this.flush();
    else this.#planFlush();
  }

  again(): void {
    this.#permits.miss();
  }

  read(): void {
    this.#results.countRead();
    this.#planFlush();
  }

  misread(reason: string): void {
    this.#results.addRefusal(misreadRefusal(this.#deps.redact(reason)));
    this.#planFlush();
  }

  /** Tells the parent what it has not heard yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#results.isEmpty) this.#deps.send(this.#results.take(this.#inFlight, this.#lag.take()));
  }

  async #enterLater(): Promise<void> {
    await new Promise<void>((resolve) => this.#permits.wait(resolve));
    this.#inFlight += 1;
  }

  #redacted({ kind, reason }: AttemptFailure): { kind: FailureKind; reason: string } {
    return { kind, reason: this.#deps.redact(reason) };
  }

  #planFlush(): void {
    this.#timer ??= setTimeout(() => this.flush(), this.#reportMs);
  }
}
