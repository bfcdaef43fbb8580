import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const CLOSED_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * One native request's use of a connection; tells whether a failure is the connection's fault. Servers close idle
 * connections, and such a close may be on its way while the next request is (RFC 9112, section 9.5).
 */
export class ConnectionUse {
  readonly #request: ClientRequest;
  #socket: Socket | undefined;
  #bytesReadBefore = 0;
  #hasAnswerBegun = false;

  constructor(request: ClientRequest) {
    this.#request = request;
    request.once('socket', (socket) => {
      this.#socket = socket;
      this.#bytesReadBefore = socket.bytesRead;
    });
    request.once('response', () => {
      this.#hasAnswerBegun = true;
    });
  }

  /** Whether the connection was kept from an earlier request. */
  get isReused(): boolean {
    return this.#request.reusedSocket;
  }

  /** Closes it; a request that is using it by now finds it stale, as long as nothing of its answer has come. */
  drop(): void {
    this.#socket?.destroy();
  }

  /**
   * Whether a connection kept from an earlier request failed before any byte of this one's answer. What is not HTTP may
   * be left over from an earlier answer, so it counts too.
   */
  isStale(code: string): boolean {
    if (!this.#request.reusedSocket || this.#hasAnswerBegun) return false;
    return code.startsWith('HPE_') || (CLOSED_CODES.has(code) && !this.#hasReceived());
  }

  /** Over TLS the farewell itself is bytes, so nothing can be said. */
  #hasReceived(): boolean {
    const socket = this.#socket;
    return socket !== undefined && !(socket instanceof TLSSocket) && socket.bytesRead > this.#bytesReadBefore;
  }
}
