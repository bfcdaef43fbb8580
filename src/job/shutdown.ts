import { STOP_SIGNALS, type StopSignal } from './exit-code.ts';

/** The part of `process` that hears signals; tests hand in an emitter of their own. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

/** A run's wish to end: the first signal asks it to finish what is in flight, the second to leave at once. */
export class Shutdown {
  readonly #source: SignalSource;
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();
  #signal: StopSignal | undefined;

  constructor(source: SignalSource) {
    this.#source = source;
    for (const signal of STOP_SIGNALS) source.on(signal, this.#take);
  }

  /** The first signal that came. */
  get signal(): StopSignal | undefined {
    return this.#signal;
  }

  /** Aborted by the first signal. */
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
    for (const signal of STOP_SIGNALS) this.#source.off(signal, this.#take);
  }

  readonly #take = (signal: StopSignal): void => {
    if (this.#signal === undefined) {
      this.#signal = signal;
      this.#stop.abort();
    } else {
      this.#leave.abort();
    }
  };
}

/** Also for a signal that came before anyone listened. */
function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}
