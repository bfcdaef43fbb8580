/** The longest time before its end at which a token is renewed: a minute is more than any clock is wrong. */
const LONGEST_MARGIN_MS = 60_000;
/** Of a short life, a twentieth: 0.1 s of 2 s. What a 401 then still meets is asked once more. */
const MARGIN_SHARE = 1 / 20;
/** A timer of Node's cannot wait for longer than 24.8 days. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Milliseconds from asking for a token to asking for the next one; undefined where nobody knows when it ends. */
export function renewAfterMs(lifeMs: number | undefined): number | undefined {
  if (lifeMs === undefined) return undefined;
  return Math.min(LONGEST_WAIT_MS, lifeMs - Math.min(LONGEST_MARGIN_MS, lifeMs * MARGIN_SHARE));
}

/** A token that was renewed since a 401 is not renewed for another one sooner than this, however long it is to live. */
const LONGEST_PATIENCE_MS = 60_000;

/**
 * Whether a token is renewed because it was refused: at most once in a token's life, or in a minute of a longer one. An
 * endpoint that refuses every token, or one customer whatever the token, must not become a flood for the token endpoint;
 * one that forgets its tokens early must not fail the rest of the list either. Times are of one clock.
 */
export function mayRenewAgain(
  renewedForRefusalAtMs: number | undefined,
  lifeMs: number | undefined,
  nowMs: number,
): boolean {
  if (renewedForRefusalAtMs === undefined) return true;
  return nowMs - renewedForRefusalAtMs >= Math.min(lifeMs ?? LONGEST_PATIENCE_MS, LONGEST_PATIENCE_MS);
}
