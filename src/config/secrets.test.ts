import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, secretsOfHeaders, secretsOfMembers, secretsOfUrl } from './secrets.ts';

describe('secretsOfHeaders', () => {
  it('takes the whole value and the credential behind the scheme', () => {
    expect(secretsOfHeaders({ Authorization: 'Bearer xyz-123' })).toEqual(['Bearer xyz-123', 'xyz-123']);
  });

  it('takes the password out of a basic credential', () => {
    const credential = Buffer.from('me:open sesame').toString('base64');
    expect(secretsOfHeaders({ 'proxy-authorization': `Basic ${credential}` })).toContain('open sesame');
  });

  it('takes the values of cookies', () => {
    expect(secretsOfHeaders({ cookie: 'theme=dark; sid=0123456789' })).toContain('0123456789');
  });

  it.each(['X-Api-Key', 'x-csrf-token', 'Client-Secret', 'X-Auth'])('knows %s as secret', (name) => {
    expect(secretsOfHeaders({ [name]: 'abcdef' })).toContain('abcdef');
  });

  it('takes neither other headers nor values too short to be masked', () => {
    expect(secretsOfHeaders({ accept: 'application/json', 'x-token': 'abc' })).toEqual([]);
  });
});

describe('secretsOfUrl', () => {
  it('takes the values of secret parameters, as they are and decoded', () => {
    expect(secretsOfUrl('http://h/{0}?page=12345678&api_key=s%20ecret99#x')).toEqual(['s%20ecret99', 's ecret99']);
  });

  it('takes no placeholders and no short words', () => {
    expect(secretsOfUrl('http://h/?key={0}&token=short')).toEqual([]);
  });
});

describe('secretsOfMembers', () => {
  it('takes texts under secret names, at any depth, and no placeholders and short words', () => {
    const body = {
      json: { password: 'open sesame', deep: [{ api_key: '0123456789' }], token: '{0}', key: 'short', n: 1 },
    };
    expect(secretsOfMembers(body)).toEqual(['open sesame', '0123456789']);
  });
});

describe('createRedactor', () => {
  it('gives the text back where there are no secrets', () => {
    expect(createRedactor([])('as it is')).toBe('as it is');
    expect(createRedactor([''])('as it is')).toBe('as it is');
  });

  it('masks a secret inside a longer one and across another with nothing left over', () => {
    expect(createRedactor(['abcd', 'bcdefgh'])('x abcdefgh y')).toBe('x *** y');
    expect(createRedactor(['token', 'token-long'])('token-long token')).toBe('*** ***');
  });

  it('masks the secret in user:password written as base64', () => {
    const encoded = Buffer.from('someone:open sesame').toString('base64');
    expect(createRedactor(['open sesame'])(`Basic ${encoded}`)).not.toContain(encoded.slice(13, 24));
  });

  it('masks what is special in regular expressions as the text it is', () => {
    expect(createRedactor(['a.c+(d]'])('a.c+(d] abc+(d]')).toBe('*** abc+(d]');
  });

  const secret = fc.string({ minLength: 4, maxLength: 20, unit: 'grapheme' }).filter((text) => !text.includes('*'));
  const encodings: [string, (text: string) => string][] = [
    ['as it is', (text) => text],
    ['percent-encoded', encodeURIComponent],
    [
      'percent-encoded in small letters',
      (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['as a form sends it', (text) => new URLSearchParams({ a: text }).toString().slice(2)],
    ['with + for a blank', (text) => encodeURIComponent(text).replaceAll('%20', '+')],
    ['in base64', (text) => Buffer.from(text).toString('base64')],
    ['in base64url', (text) => Buffer.from(text).toString('base64url')],
    ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ];

  it.each(encodings)('leaves no secret in any text %s', (_name, encode) => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const text = before + secrets.map(encode).join(after) + after;
          const redacted = createRedactor(secrets)(text);
          for (const each of secrets) expect(redacted.includes(encode(each))).toBe(false);
        },
      ),
    );
  });

  it('leaves every text without a secret as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Z]{4,9}$/)), fc.stringMatching(/^[a-z ]*$/), (secrets, text) => {
        expect(createRedactor(secrets)(text)).toBe(text);
      }),
    );
  });

  it('masks what a cut has left of a secret, wherever it was cut', () => {
    const secret = 's3cr3tTOKEN/value+WITH=longtail-0123456789';
    const redact = createRedactor([secret]);
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      for (let length = 4; length < form.length; length += 1) {
        expect(redact(`answer begins "xxx${form.slice(0, length)}…"`)).toBe('answer begins "xxx***…"');
      }
    }
    expect(redact('answer begins "nothing of it…" and ends')).toBe('answer begins "nothing of it…" and ends');
  });
});
