import type { Client as UndiciClient } from 'undici';
// undici's client without the rest of its package (fetch, WebSocket, caches), which takes longer to load than all of ours
// and 9 MB. The file is no promise of undici's: where it is not there any more, neither tests nor build get by.
// @ts-expect-error: undici has types for the package as a whole
import UntypedClient from 'undici/lib/dispatcher/client.js';

export const Client: typeof UndiciClient = UntypedClient;
export type Client = UndiciClient;
