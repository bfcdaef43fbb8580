/** No slot rests for longer, however long answers take. */
const LONGEST_REST_MS = 1000;
/** What an answer adds to what is known of how long they take. */
const NEW_SHARE = 0.1;

/**
 * The slots that the parent allows, less those that rest: where the endpoint refused a request for its load, at once, the
 * slot is used again only when an answer would have come. Else the few that are too many would be refused over and over, as
 * fast as they can be sent, until the parent hears of it. Times are milliseconds.
 */
export class RestingSlots {
  readonly #setSlots: (slots: number) => void;
  #allowed = 1;
  #resting = 0;
  /** How long answers took lately; undefined before the first. */
  #usualMs: number | undefined;

  /** `setSlots` is told how many requests may be in flight, at least one. */
  constructor(setSlots: (slots: number) => void) {
    this.#setSlots = setSlots;
  }

  set allowed(slots: number) {
    this.#allowed = slots;
    this.#tell();
  }

  /** An answer came, after so long. */
  answered(elapsedMs: number): void {
    const before = this.#usualMs ?? elapsedMs;
    this.#usualMs = before + NEW_SHARE * (elapsedMs - before);
  }

  /** A request was refused for the endpoint's load, after so long. */
  refused(elapsedMs: number): void {
    const restMs = Math.min(LONGEST_REST_MS, this.#usualMs ?? 0) - elapsedMs;
    if (restMs <= 0) return;
    this.#resting += 1;
    this.#tell();
    // A child that is done does not wait for it.
    setTimeout(() => {
      this.#resting -= 1;
      this.#tell();
    }, restMs).unref();
  }

  #tell(): void {
    this.#setSlots(Math.max(1, this.#allowed - this.#resting));
  }
}
