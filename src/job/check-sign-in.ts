import { machineMs } from '../channel/machine-clock.ts';
import type { Settings } from '../config/schema.ts';
import { StopError } from '../errors.ts';
import { createTokenSource } from '../sign-in/token-source.ts';
import type { JobSurroundings } from './surroundings.ts';

/**
 * Gets a token, where the settings ask for one, and tells of it; gives the header that a request needs for it, undefined
 * where there is none to be had.
 */
export async function checkSignIn(
  { auth }: Settings,
  { connection, learnSecret }: Pick<JobSurroundings, 'connection' | 'learnSecret'>,
  say: (line: string) => void,
): Promise<Record<string, string> | undefined> {
  if (auth?.type !== 'oauth2_client_credentials') return {};
  const nobody = () => {};
  const tokens = createTokenSource(
    { auth, connection, patienceMs: 0 },
    { learnSecret, note: nobody, onToken: nobody, onGivenUp: nobody },
  );
  try {
    await tokens.begin(new AbortController().signal);
    const { token, expiresAtMs } = tokens.current ?? {};
    const life = expiresAtMs === undefined ? '' : `, for ${Math.round((expiresAtMs - machineMs()) / 1000)} s`;
    say(`Sign-in: a token from ${auth.token_url}${life}`);
    return { authorization: `Bearer ${token}` };
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    say(`Sign-in: ${error.message}`);
    return undefined;
  } finally {
    tokens.close();
  }
}
