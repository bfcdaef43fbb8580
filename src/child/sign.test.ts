import { describe, expect, it } from 'vitest';
import { describeError } from '../http/describe-error.ts';
import { compileRules } from '../http/outcome-rules.ts';
import { judge } from '../http/retry-policy.ts';
import { refusalOf } from './sign.ts';

const refusalOfCode = (code: string) => {
  const result = { error: describeError(code) };
  return refusalOf(result, judge(compileRules(), result, 0), (text) => text);
};

describe('refusalOf', () => {
  it.each([
    'ECONNREFUSED',
    'CERT_HAS_EXPIRED',
    'TLS_ALERT_CERTIFICATE_REQUIRED',
    'TLS_ALERT_HANDSHAKE_FAILURE',
    'EPROTO',
  ])("takes %s for everybody's", (code) => {
    expect(refusalOfCode(code)).toMatchObject({ like: code, isForAll: true });
  });

  it.each(['ECONNRESET', 'ETIMEDOUT'])('waits for what may pass: %s', (code) => {
    expect(refusalOfCode(code)).toBeUndefined();
  });
});
