import type { RequestSettings } from '../channel/protocol.ts';
import type { Settings } from './schema.ts';

/** What is sent for a customer, out of all settings. */
export const requestSettingsOf = ({ url, method, query, headers, body, auth }: Settings): RequestSettings => ({
  url,
  method: method ?? undefined,
  query,
  headers,
  body: body ?? undefined,
  // A token is not known yet: it is put on each request as it is sent.
  auth: auth === null || auth.type === 'oauth2_client_credentials' ? undefined : auth,
});
