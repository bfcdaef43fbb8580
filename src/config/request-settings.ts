import type { RequestSettings } from '../channel/protocol.ts';
import type { Settings } from './schema.ts';

/** What is sent for a customer, out of all settings. */
export const requestSettingsOf = ({ url, method, query, headers, body }: Settings): RequestSettings => ({
  url,
  method: method ?? undefined,
  query,
  headers,
  body: body ?? undefined,
});
