import type { Client as UndiciClient } from 'undici';

/**
 * undici's client without the rest of its package (fetch, WebSocket, caches), which takes longer to load than all of ours
 * and 9 MB. The file is no promise of undici's: where it is not there any more, the package is.
 */
const FILE: string = 'undici/lib/dispatcher/client.js';

async function load(): Promise<typeof UndiciClient> {
  try {
    const { default: found }: { default: typeof UndiciClient } = await import(FILE);
    return found;
  } catch {
    return (await import('undici')).Client;
  }
}

export const Client = await load();
export type Client = UndiciClient;
