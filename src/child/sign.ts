import type { Refusal, Sign } from '../channel/protocol.ts';
import type { ReceivedAnswer } from '../http/outcome-rules.ts';
import type { AttemptResult, Verdict } from '../http/retry-policy.ts';
import { AnswerError } from '../records/answer-error.ts';
import { excerpt } from '../records/excerpt.ts';

/** Who asks is not accepted: nobody's fault among the customers. */
const CREDENTIALS: ReadonlySet<number> = new Set([401, 403, 407]);
/** Of these, 403 may be said of one customer. */
const CREDENTIALS_OF_ALL: ReadonlySet<number> = new Set([401, 407]);
const NO_CONNECTION: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ECONNECTTIMEOUT'],
]);
/** The server speaks no TLS, or not with us. */
const isTlsFailure = (code: string): boolean => /^(?:EPROTO$|ERR_SSL_|TLS_ALERT_)/.test(code);
/** Sent on to another origin, as to a page to sign in. */
const ELSEWHERE = 'REDIRECT';
const HEAD_LENGTH = 200;

/** What an attempt says of the endpoint, see `SIGNS`. */
export function signOf(result: AttemptResult, verdict: Verdict): Sign {
  if (verdict.is === 'limited') return 'limited';
  if (verdict.is === 'retry' && verdict.isOwn === true) return 'well';
  if (verdict.is === 'ok') return isJson(verdict.received) ? 'well' : 'refused';
  if ('error' in result) return signOfError(result.error);
  const { status } = result.answer;
  if (verdict.is !== 'retry') return verdict.is === 'fail' && CREDENTIALS.has(status) ? 'refused' : 'well';
  return status >= 500 && status !== 503 ? 'down' : 'overload';
}

function signOfError({ kind, code }: { kind: string; code: string }): Sign {
  if (kind === 'timeout') return NO_CONNECTION.has(code) ? 'down' : 'overload';
  if (kind === 'network' || code.startsWith('HPE_')) return 'down';
  return code === ELSEWHERE ? 'refused' : 'well';
}

/** Parsed once: what reads the records gets the same value. */
function isJson({ json }: ReceivedAnswer): boolean {
  try {
    json();
    return true;
  } catch (error) {
    if (error instanceof AnswerError) return false;
    throw error;
  }
}

/**
 * What a first attempt that failed has in common with others that fail in the same way; undefined where it may be better a
 * moment later, so that waiting is the answer: overload, a failing server, a slow one.
 */
export function refusalOf(
  result: AttemptResult,
  verdict: Verdict,
  redact: (text: string) => string,
): Refusal | undefined {
  if (!('failure' in verdict) || verdict.is === 'limited') return undefined;
  const reason = redact(verdict.failure.reason);
  if ('error' in result) {
    const { code, isRetryable } = result.error;
    const isUnreachable = NO_CONNECTION.has(code) || isTlsFailure(code);
    if (isRetryable && !isUnreachable) return undefined;
    return { like: code, reason, isForAll: result.error.kind === 'network' || code === ELSEWHERE || isUnreachable };
  }
  if (verdict.is === 'retry') return undefined;
  const { status, body } = result.answer;
  const head = redact(excerpt(Buffer.from(body.subarray(0, 4 * HEAD_LENGTH)).toString(), HEAD_LENGTH));
  const isForAll = CREDENTIALS_OF_ALL.has(status);
  return { like: `HTTP ${status}`, reason, isForAll, ...(head !== '' && { head }) };
}

/** An answer that was right by its status, and could not be read; the reason shows how it begins. */
export const misreadRefusal = (reason: string): Refusal => ({
  // What is quoted differs from customer to customer.
  like: reason.replace(/".*/s, ''),
  reason,
  isForAll: false,
});
