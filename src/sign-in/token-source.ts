import { setTimeout as sleep } from 'node:timers/promises';
import { machineMs } from '../channel/machine-clock.ts';
import type { ConnectionSettings, LogLevel, TokenMessage } from '../channel/protocol.ts';
import type { ClientCredentials } from '../config/auth-kind.ts';
import { StopError } from '../errors.ts';
import { type HttpClient, type HttpRequest, RequestError } from '../http/client.ts';
import { createClient } from '../http/create-client.ts';
import { retryDelayMs } from '../http/retry-policy.ts';
import { mayRenewAgain, renewAfterMs } from './renewal.ts';
import { type NewToken, readTokenAnswer, type TokenAnswer } from './token-answer.ts';
import { tokenRequestOf } from './token-request.ts';

/** How tokens are got. */
export interface SignInSettings {
  auth: ClientCredentials;
  connection: ConnectionSettings;
  /** So long is a token asked for again, once there was one, before the run ends. */
  patienceMs: number;
}

/** What a source of tokens tells, and whom. */
export interface TokenEvents {
  /** Each token is a secret from the moment it is there. */
  learnSecret(secret: string): void;
  note(level: LogLevel, message: string): void;
  /** Called for each new token. */
  onToken(message: TokenMessage): void;
  /** No token could be got for too long: the run cannot go on. */
  onGivenUp(error: StopError): void;
}

interface TokenSourceParts extends TokenEvents {
  client: HttpClient;
  /** Asks for a token. */
  request: HttpRequest;
  patienceMs: number;
}

/** A token takes a few kilobytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A source that asks the token endpoint of the settings. */
export function createTokenSource({ auth, connection, patienceMs }: SignInSettings, events: TokenEvents): TokenSource {
  const headers = { accept: 'application/json' };
  const purpose = { url: auth.token_url, headers, maxSockets: 1, maxBodyBytes: MAX_ANSWER_BYTES };
  const client = createClient(connection, purpose);
  return new TokenSource({ ...events, client, request: tokenRequestOf(auth), patienceMs });
}

/** At the start a failure of the moment is tried again, but nobody is kept waiting. */
const FIRST_ATTEMPTS = 3;

const CAME_TOO_LATE: TokenAnswer = { problem: 'a token that had run out when it came', isRetryable: true };

/** Gets tokens for all children: one at the start, and the next one before it expires, or when it is refused. */
export class TokenSource {
  readonly #parts: TokenSourceParts;
  readonly #closing = new AbortController();
  /** The last token, and when it was asked for (`machineMs`). */
  #got: { serial: number; token: string; lifeMs: number | undefined; askedAtMs: number } | undefined;
  #isRenewing = false;
  #renewedForRefusalAtMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TokenSourceParts) {
    this.#parts = parts;
  }

  /** What a child that begins is told; undefined before the first token. */
  get current(): TokenMessage | undefined {
    if (this.#got === undefined) return undefined;
    const { serial, token, lifeMs, askedAtMs } = this.#got;
    const expiry = lifeMs === undefined ? {} : { expiresAtMs: askedAtMs + lifeMs };
    return { type: 'token', serial, token, ...expiry };
  }

  /** Gets the first token; where it is told to stop, there is none. Throws a `StopError` with what the token endpoint said. */
  async begin(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#ask(signal);
      if ('token' in answer || signal.aborted) return;
      if (!answer.isRetryable || attempt >= FIRST_ATTEMPTS)
        throw new StopError(`no token from ${this.#place}: ${answer.problem}`);
      await this.#pause(attempt, signal);
    }
  }

  /**
   * A child's request was refused with this token. Gives what it is to be told at once: the token there is, newer or the
   * same; undefined where a new one is on its way, which everybody is told.
   */
  refused(serial: number): TokenMessage | undefined {
    if (serial < (this.#got?.serial ?? 0)) return this.current;
    if (this.#isRenewing) return undefined;
    const nowMs = machineMs();
    if (nowMs < (this.current?.expiresAtMs ?? Number.POSITIVE_INFINITY)) {
      if (!mayRenewAgain(this.#renewedForRefusalAtMs, this.#got?.lifeMs, nowMs)) return this.current;
      this.#renewedForRefusalAtMs = nowMs;
      this.#parts.note('info', 'A token was refused before its time, and is renewed');
    }
    void this.#renew();
    return undefined;
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#parts.client.close();
  }

  get #place(): string {
    const { origin, pathname } = new URL(this.#parts.request.url);
    return origin + pathname;
  }

  /** Asks until there is a token, with growing pauses: meanwhile the one there is holds until it expires. */
  async #renew(): Promise<void> {
    const { signal } = this.#closing;
    const { note, onGivenUp, patienceMs } = this.#parts;
    clearTimeout(this.#timer);
    this.#isRenewing = true;
    const begunAtMs = machineMs();
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const answer = await this.#ask(signal);
      if ('token' in answer || signal.aborted) break;
      const problem = `no new token from ${this.#place}: ${answer.problem}`;
      if (machineMs() - begunAtMs > patienceMs) {
        onGivenUp(new StopError(problem));
        break;
      }
      note('warn', `${problem}; it is asked for again`);
      await this.#pause(attempt, signal);
    }
    this.#isRenewing = false;
  }

  async #ask(signal: AbortSignal): Promise<TokenAnswer> {
    const { client, request } = this.#parts;
    const askedAtMs = machineMs();
    try {
      const answer = readTokenAnswer(await client.send(request, { signal }));
      if (!('token' in answer)) return answer;
      // Nobody could use it, and to ask for the next one at once would be a flood.
      if (askedAtMs + (answer.token.lifeMs ?? Number.POSITIVE_INFINITY) <= machineMs()) return CAME_TOO_LATE;
      this.#take(answer.token, askedAtMs);
      return answer;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { problem: error.message, isRetryable: error.isRetryable };
    }
  }

  #take({ token, lifeMs }: NewToken, askedAtMs: number): void {
    const { learnSecret, note, onToken } = this.#parts;
    learnSecret(token);
    const serial = (this.#got?.serial ?? 0) + 1;
    this.#got = { serial, token, lifeMs, askedAtMs };
    note('debug', `Token ${serial} is there${lifeMs === undefined ? '' : `, for ${lifeMs / 1000} s`}`);
    this.#planRenewal(renewAfterMs(lifeMs), askedAtMs);
    if (this.current !== undefined) onToken(this.current);
  }

  #planRenewal(afterMs: number | undefined, askedAtMs: number): void {
    if (afterMs === undefined || this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#renew(), Math.max(0, askedAtMs + afterMs - machineMs()));
  }

  /** An abort ends it early. */
  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    await sleep(retryDelayMs({ attempt, random: Math.random() }), undefined, { signal }).catch(() => {});
  }
}
