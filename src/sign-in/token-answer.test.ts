import { describe, expect, it } from 'vitest';
import { readTokenAnswer } from './token-answer.ts';

const answered = (body: unknown, status = 200) =>
  readTokenAnswer({
    status,
    statusText: status === 200 ? 'OK' : 'Bad',
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });

describe('readTokenAnswer', () => {
  it.each([
    [
      { access_token: 'a.b-c', token_type: 'Bearer', expires_in: 3600 },
      { token: 'a.b-c', lifeMs: 3_600_000 },
    ],
    [
      { access_token: 'abc', token_type: 'bearer', expires_in: '2' },
      { token: 'abc', lifeMs: 2000 },
    ],
    [{ access_token: 'abc', expires_in: null }, { token: 'abc' }],
    [{ access_token: 'abc', scope: 'x' }, { token: 'abc' }],
  ])('reads %j', (body, token) => {
    expect(answered(body)).toEqual({ token });
  });

  it.each([
    ['<html>Sign in</html>', 'an answer that is no JSON object: <html>Sign in</html>'],
    [[], 'an answer that is no JSON object: []'],
    [{ error: 'invalid_scope' }, 'an answer without access_token: invalid_scope'],
    [{ access_token: 5 }, 'an answer without access_token: {"access_token":5}'],
    [{ access_token: 'a\r\nX: y' }, 'an access_token that cannot stand in a header'],
    [{ access_token: 'abc', token_type: 'mac' }, 'a token of another type than bearer'],
    [{ access_token: 'abc', expires_in: 0 }, 'a token that has expired already'],
    [{ access_token: 'abc', expires_in: 'soon' }, 'a token with an expires_in that is no number'],
    [{ access_token: 'abc', expires_in: [60] }, 'a token with an expires_in that is no number'],
  ])('takes no token from %j', (body, problem) => {
    expect(answered(body)).toEqual({ problem, isRetryable: false });
  });

  it('says what the token endpoint says, cut, and whether to try again', () => {
    const error = { error: 'invalid_client', error_description: `no such client ${'x'.repeat(300)}` };
    expect(answered(error, 401)).toEqual({
      problem: expect.stringMatching(/^HTTP 401 Bad: invalid_client: no such client x{150,}…$/),
      isRetryable: false,
    });
    expect(answered('', 503)).toEqual({ problem: 'HTTP 503 Bad', isRetryable: true });
    expect(answered('busy', 429)).toEqual({ problem: 'HTTP 429 Bad: busy', isRetryable: true });
  });
});
