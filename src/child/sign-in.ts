import type { HttpRequest } from '../http/client.ts';

/** What proves to the endpoint who asks. */
export interface SignIn {
  /** Resolves when there is a proof that holds; when the run is stopped, too. Nothing where there is one now. */
  ready(): Promise<void> | undefined;
  /** A request with the newest proof on it; undefined where that has run out. */
  sign(request: HttpRequest): HttpRequest | undefined;
  /**
   * After a 401 to a signed request: whether there is another proof now, with which it is worth asking once more. Where
   * that was refused as well, it is not (`isAgain`), unless it had run out meanwhile.
   */
  renew(refused: HttpRequest, isAgain: boolean): Promise<boolean>;
}

/** For requests that need none, or carry it in their headers from the start. */
export const NO_SIGN_IN: SignIn = {
  ready: () => undefined,
  sign: (request) => request,
  renew: async () => false,
};
