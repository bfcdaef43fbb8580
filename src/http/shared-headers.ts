import { ACCEPT_ENCODING } from './unpack.ts';
import { USER_AGENT } from './user-agent.ts';

/** The headers of every request of a client, in lower case: its own, and those that it adds where it has none of that name. */
export const sharedHeaders = (own: Readonly<Record<string, string>>): Record<string, string> => ({
  'user-agent': USER_AGENT,
  accept: 'application/json',
  'accept-encoding': ACCEPT_ENCODING,
  ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
});
