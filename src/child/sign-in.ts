import type { HttpRequest } from '../http/client.ts';

/** What proves to the endpoint who asks. */
export interface SignIn {
  /** A request with the proof on it. */
  sign(request: HttpRequest): HttpRequest | Promise<HttpRequest>;
  /**
   * After a 401 to a signed request: whether there is another proof now, with which it is worth asking once more. Where
   * that was refused as well, it is not (`isAgain`), unless it had run out meanwhile.
   */
  renew(refused: HttpRequest, isAgain: boolean): Promise<boolean>;
}

/** For requests that need none, or carry it in their headers from the start. */
export const NO_SIGN_IN: SignIn = {
  sign: (request) => request,
  renew: async () => false,
};
