import type { StopError } from '../errors.ts';
import { type Ending, STOP_SIGNALS, type StopSignal } from './exit-code.ts';

/** The part of `process` that hears signals; tests hand in an emitter of their own. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

/**
 * The wish that a run should end: the first signal, or a reason of its own, asks it to finish what is in flight; the
 * second signal to leave at once.
 */
export class Shutdown {
  readonly #source: SignalSource;
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();
  #signal: StopSignal | undefined;
  #ending: Ending | undefined;

  readonly #signals: readonly StopSignal[];

  /** `isHangUpStop` is false where SIGHUP means something else. */
  constructor(source: SignalSource, isHangUpStop = true) {
    this.#source = source;
    this.#signals = STOP_SIGNALS.filter((signal) => isHangUpStop || signal !== 'SIGHUP');
    for (const signal of this.#signals) source.on(signal, this.#take);
  }

  /** The first signal that came. */
  get signal(): StopSignal | undefined {
    return this.#signal;
  }

  /** How a run ends that was asked to: what asked first decides. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Asks the run to end as a signal does, for a reason of its own. */
  stopFor(error: StopError): void {
    this.#stopAs({ is: 'error', error });
  }

  /** Aborted by what asks first. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  onStop(listener: () => void): void {
    onAbort(this.#stop.signal, listener);
  }

  onLeave(listener: () => void): void {
    onAbort(this.#leave.signal, listener);
  }

  /** Gives the signals back to whoever has them by default. */
  release(): void {
    for (const signal of this.#signals) this.#source.off(signal, this.#take);
  }

  readonly #take = (signal: StopSignal): void => {
    if (this.#signal !== undefined) {
      this.#leave.abort();
      return;
    }
    this.#signal = signal;
    this.#stopAs({ is: 'interrupted', signal });
  };

  #stopAs(ending: Ending): void {
    this.#ending ??= ending;
    this.#stop.abort();
  }
}

/** Also for a signal that came before anyone listened. */
function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}
