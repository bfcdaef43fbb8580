import type { TokenMessage } from '../channel/protocol.ts';
import type { HttpRequest } from '../http/client.ts';
import type { SignIn } from './sign-in.ts';

export interface TokenSignInParts {
  /** Tells the parent that the token of this serial was refused; a token message answers it. */
  tellRefused(serial: number): void;
  /** `machineMs`: the parent's clock, too. */
  now(): number;
  /** Aborted: nobody waits for a token any more. */
  signal: AbortSignal;
}

/** Nobody carries an older one for longer than a few lives. */
const TOKENS_KNOWN = 8;

/** Puts the parent's token on each request, waits where there is none, and asks for a new one where it was refused. */
export class TokenSignIn implements SignIn {
  readonly #parts: TokenSignInParts;
  #serial = 0;
  #authorization = '';
  /** When the last few tokens expire, by the header that each makes, the newest last. */
  readonly #expiries = new Map<string, number>();
  /** The serial of the token that the parent was told of and has not answered. */
  #complaint: number | undefined;
  /** Whoever waits for the next token message. */
  #waiting: (() => void)[] = [];

  constructor(parts: TokenSignInParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  take(message: TokenMessage): void {
    this.#serial = message.serial;
    this.#authorization = `Bearer ${message.token}`;
    this.#expiries.set(this.#authorization, message.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const [oldest = ''] = this.#expiries.keys();
    if (this.#expiries.size > TOKENS_KNOWN) this.#expiries.delete(oldest);
    this.#complaint = undefined;
    this.#wake();
  }

  ready(): Promise<void> | undefined {
    return this.#holds(this.#authorization) ? undefined : this.#whenItHolds();
  }

  sign(request: HttpRequest): HttpRequest | undefined {
    const authorization = this.#authorization;
    return this.#holds(authorization) ? { ...request, headers: { ...request.headers, authorization } } : undefined;
  }

  async renew({ headers }: HttpRequest, isAgain: boolean): Promise<boolean> {
    const authorization = headers?.authorization ?? '';
    // A token that still holds and is refused is an answer; on a busy machine one may have run out on its way.
    if (isAgain && this.#holds(authorization)) return false;
    if (authorization !== this.#authorization) return true;
    const serial = this.#serial;
    if (this.#complaint !== serial) {
      this.#complaint = serial;
      this.#parts.tellRefused(serial);
    }
    if (!this.#parts.signal.aborted) await this.#nextMessage();
    return this.#serial > serial;
  }

  /** One that has expired would only bring a 401. */
  #holds(authorization: string): boolean {
    return this.#parts.now() < (this.#expiries.get(authorization) ?? Number.NEGATIVE_INFINITY);
  }

  /** Where the run is stopped, nothing is sent any more, and nothing needs a token. */
  async #whenItHolds(): Promise<void> {
    while (!this.#holds(this.#authorization) && !this.#parts.signal.aborted) await this.#nextMessage();
  }

  #nextMessage(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
