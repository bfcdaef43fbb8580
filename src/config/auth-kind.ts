import * as z from 'zod';
import { objectExpectation } from './answer-kinds.ts';
import { headerNameExpectation, headerValueExpectation } from './header-rule.ts';
import { type GivenFacts, settingFacts } from './setting-kinds.ts';

/** An object of these members and no others. */
function members<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape);
  return z.strictObject(shape, { error: (issue) => objectExpectation(issue, 'an object', names) });
}

const text = z.string('a text').min(1, 'a text');
/** What is put into a header as it is. */
const headerText = text.superRefine((value, context) => {
  const expected = headerValueExpectation(value);
  if (expected !== undefined) context.addIssue(expected);
});
const headerName = text.superRefine((name, context) => {
  const expected = headerNameExpectation(name);
  if (expected !== undefined) context.addIssue(expected);
});
/** A name without a colon, which ends it (RFC 7617, section 2). */
const userName = z
  .string('a text')
  .refine((name) => !/[:\u0000-\u001f\u007f]/.test(name), 'a name without a colon and control characters');
/** RFC 6749, section 3.2: no fragment. */
const tokenUrl = z.string('a URL').refine((url) => {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    /^https?:$/.test(parsed.protocol) &&
    parsed.hash === '' &&
    parsed.username + parsed.password === ''
  );
}, 'a URL that begins with https:// or http://, without user name and fragment');

const clientCredentials = members({
  type: z.literal('oauth2_client_credentials'),
  token_url: tokenUrl,
  client_id: text,
  client_secret: text,
  scopes: z.array(text, 'a list of scopes').optional(),
  client_authentication: z.enum(['header', 'body'], 'header or body').optional(),
  parameters: z.record(z.string(), z.string('a text'), 'an object of names and texts').optional(),
});

/** What the settings say of a sign-in by OAuth 2 client credentials. */
export type ClientCredentials = z.infer<typeof clientCredentials>;

const TYPES = 'an object with the type basic, bearer, api_key or oauth2_client_credentials';

/** How the endpoint is shown who asks, or that it is not. */
export function authenticationOrNone(facts: GivenFacts) {
  return z
    .discriminatedUnion(
      'type',
      [
        members({ type: z.literal('basic'), username: userName, password: z.string('a text') }),
        members({ type: z.literal('bearer'), token: headerText.regex(/^\S+$/, 'a token without blanks') }),
        members({
          type: z.literal('api_key'),
          in: z.enum(['header', 'query'], 'header or query'),
          name: headerName,
          value: headerText,
        }),
        clientCredentials,
      ],
      {
        error: (issue) =>
          issue.code === 'invalid_union' ? 'basic, bearer, api_key or oauth2_client_credentials' : TYPES,
      },
    )
    .nullable()
    .register(settingFacts, { ...facts, kind: 'json' });
}
