/** The part of `process` or of a forked child that sends; `send` returns false when its backlog is too long. */
export interface Port<M> {
  send(message: M, callback: (error: Error | null) => void): boolean;
}

/**
 * Sends messages one way and honours what `send()` returns: after a `false`, `isCongested` stays true until the
 * operating system has taken everything. Errors are not thrown: a channel that breaks is seen by whoever watches the
 * process at its other end, and what was on its way is given out again from there.
 */
export class Sender<M> {
  readonly #port: Port<M>;
  #underWay = 0;
  #isCongested = false;
  #waiting: (() => void)[] = [];

  constructor(port: Port<M>) {
    this.#port = port;
  }

  get isCongested(): boolean {
    return this.#isCongested;
  }

  send(message: M): void {
    this.#underWay += 1;
    const hasRoom = this.#port.send(message, () => this.#taken());
    if (!hasRoom) this.#isCongested = true;
  }

  /** Resolves once there is room for another message; at once when there is. */
  async whenClear(): Promise<void> {
    if (this.#isCongested) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The callbacks run in order; when none is outstanding, the backlog is gone. */
  #taken(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0 || !this.#isCongested) return;
    this.#isCongested = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
