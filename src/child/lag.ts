import { monitorEventLoopDelay } from 'node:perf_hooks';

/** It is looked at so often, in milliseconds: what is measured includes this much. */
const RESOLUTION_MS = 10;

/** How late this process is to do what is due: on a busy machine answers wait for that, and not for the endpoint. */
export class Lag {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delays.enable();
  }

  /** The average since it was last taken, in milliseconds. */
  take(): number {
    const { mean } = this.#delays;
    this.#delays.reset();
    // Not a number where nothing was measured yet.
    return Number.isNaN(mean) ? 0 : Math.max(0, mean / 1e6 - RESOLUTION_MS);
  }
}
