import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, HttpClient, HttpRequest } from '../http/client.ts';
import { type PingKind, pingUrlFor } from './ping-url.ts';

export interface PingerParts {
  url: string;
  /** Makes the client when it is first needed: most runs ping nobody, and it takes its time to load. */
  connect(): Promise<HttpClient>;
  /** Told in words that do not name the URL. */
  warn(message: string): void;
}

/** How long a run waits for its pings. */
export interface PingLimits {
  /** For those at its end, all tries together. */
  usualMs: number;
  /** The same where somebody stopped the run, who waits less long. */
  stoppedMs: number;
  /** Pauses between the tries of a ping: a lost one would wake somebody up. */
  pausesMs: readonly number[];
}

const LIMITS: PingLimits = { usualMs: 20_000, stoppedMs: 4000, pausesMs: [1000, 4000] };

/** Tells a dead man's switch what becomes of a run. What goes wrong with that is a warning and nothing more. */
export class Pinger {
  readonly #parts: PingerParts;
  readonly #limits: PingLimits;
  #client: Promise<HttpClient> | undefined;
  /** A ping that is late must not arrive after the next one. */
  #before: Promise<void> = Promise.resolve();

  constructor(parts: PingerParts, limits = LIMITS) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /** The run goes on meanwhile. */
  begun(): void {
    this.#before = this.#ping('start', '', this.#limits.usualMs);
  }

  /** Resolves when it is told, or in time. `body` is shown beside the ping; `isStopped` where somebody waits for the end. */
  async ended(kind: PingKind, body: string, isStopped: boolean): Promise<void> {
    const { usualMs, stoppedMs } = this.#limits;
    const limitMs = isStopped ? stoppedMs : usualMs;
    const over = new AbortController();
    await Promise.race([this.#before, sleep(limitMs / 2, undefined, { signal: over.signal }).catch(() => {})]);
    over.abort();
    await this.#ping(kind, body, limitMs / 2);
    (await this.#client)?.close();
  }

  async #ping(kind: PingKind, body: string, limitMs: number): Promise<void> {
    try {
      this.#client ??= this.#parts.connect();
      const request = { method: 'POST', url: pingUrlFor(this.#parts.url, kind), headers: PLAIN, body };
      await sendUntilTaken(await this.#client, request, this.#limits.pausesMs, AbortSignal.timeout(limitMs));
    } catch (error) {
      this.#parts.warn(`the ping (${kind}) was not taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Sends a few times at most; throws what the last try met. */
async function sendUntilTaken(
  client: HttpClient,
  request: HttpRequest,
  pausesMs: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  for (const pauseMs of [...pausesMs, undefined]) {
    const problem = await client.send(request, { signal }).then(problemIn, (error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      return { words: signal.aborted ? 'no answer in time' : words, isFinal: false };
    });
    if (problem === undefined) return;
    if (pauseMs === undefined || problem.isFinal || signal.aborted) throw new Error(problem.words);
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw new Error(problem.words);
    });
  }
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };

function problemIn({ status }: Answer): { words: string; isFinal: boolean } | undefined {
  if (status >= 200 && status < 300) return undefined;
  return { words: `HTTP status ${status}`, isFinal: status < 500 && status !== 429 };
}
