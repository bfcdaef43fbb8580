import type { ClientCredentials } from '../config/auth-kind.ts';
import type { HttpRequest } from '../http/client.ts';
import { formEncode } from '../http/encoders.ts';

/**
 * The request for a token by client credentials (RFC 6749, section 4.4.2). The client proves itself in a header unless the
 * settings say in the body (section 2.3.1), its name and its secret encoded as in a form.
 */
export function tokenRequestOf(auth: ClientCredentials): HttpRequest {
  const { token_url: url, client_id: id, client_secret: secret, scopes = [], parameters = {} } = auth;
  const isInBody = auth.client_authentication === 'body';
  const fields: [string, string][] = [
    ['grant_type', 'client_credentials'],
    ...(scopes.length > 0 ? [['scope', scopes.join(' ')] satisfies [string, string]] : []),
    ...Object.entries(parameters),
    ...(isInBody
      ? [['client_id', id] satisfies [string, string], ['client_secret', secret] satisfies [string, string]]
      : []),
  ];
  const body = fields.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
  const pair = Buffer.from(`${formEncode(id)}:${formEncode(secret)}`).toString('base64');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(!isInBody && { authorization: `Basic ${pair}` }),
  };
  return { url, method: 'POST', headers, body };
}
