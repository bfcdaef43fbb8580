import type { TokenMessage } from '../channel/protocol.ts';
import type { HttpRequest } from '../http/client.ts';
import type { SignIn } from './sign-in.ts';

export interface TokenSignInParts {
  /** Tells the parent that the token of this serial was refused; a token message answers it. */
  tellRefused(serial: number): void;
  now(): number;
  /** Aborted: nobody waits for a token any more. */
  signal: AbortSignal;
}

/** Puts the parent's token on each request, waits where there is none, and asks for a new one where it was refused. */
export class TokenSignIn implements SignIn {
  readonly #parts: TokenSignInParts;
  #current: TokenMessage | undefined;
  #authorization = '';
  /** The serial of the token that the parent was told of and has not answered. */
  #complaint: number | undefined;
  /** Whoever waits for the next token message. */
  #waiting: (() => void)[] = [];

  constructor(parts: TokenSignInParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  take(message: TokenMessage): void {
    this.#current = message;
    this.#authorization = `Bearer ${message.token}`;
    this.#complaint = undefined;
    this.#wake();
  }

  sign(request: HttpRequest): HttpRequest | Promise<HttpRequest> {
    return this.#hasToken() ? this.#signed(request) : this.#signLater(request);
  }

  async renew(refused: HttpRequest): Promise<boolean> {
    if (refused.headers?.authorization !== this.#authorization) return true;
    const serial = this.#current?.serial ?? 0;
    if (this.#complaint !== serial) {
      this.#complaint = serial;
      this.#parts.tellRefused(serial);
    }
    if (!this.#parts.signal.aborted) await this.#nextMessage();
    return (this.#current?.serial ?? 0) > serial;
  }

  /** One that has expired is none: it would only bring a 401. */
  #hasToken(): boolean {
    const current = this.#current;
    return current !== undefined && (current.expiresAtMs === undefined || this.#parts.now() < current.expiresAtMs);
  }

  /** Where the run is stopped, the request is not sent any more, and needs no token. */
  async #signLater(request: HttpRequest): Promise<HttpRequest> {
    while (!this.#hasToken() && !this.#parts.signal.aborted) await this.#nextMessage();
    return this.#signed(request);
  }

  #signed(request: HttpRequest): HttpRequest {
    return { ...request, headers: { ...request.headers, authorization: this.#authorization } };
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
