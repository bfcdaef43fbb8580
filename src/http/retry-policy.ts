import type { FailureKind, VerdictName } from '../channel/protocol.ts';
import type { Answer, RequestError } from './client.ts';
import { type CompiledRule, firstMet, type ReceivedAnswer } from './outcome-rules.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Why an attempt failed; a customer's failure where it is the last one. */
export interface AttemptFailure {
  kind: FailureKind;
  reason: string;
  status?: number;
  /** The answer's body, where there was one. */
  body?: Uint8Array;
}

/** What came of an attempt: an answer, or the error that stands for it. */
export type AttemptResult = ReceivedAnswer | { error: RequestError };

/** What an attempt means, see `VERDICTS`. `retryAfterMs` is what the server asked for, from now on. */
export type Verdict =
  | { is: 'ok' | 'empty'; received: ReceivedAnswer }
  | {
      is: 'retry' | 'limited';
      failure: AttemptFailure;
      retryAfterMs?: number;
      /** The connection is not to be trusted: the next attempt goes out on another one. */
      wantsFreshConnection?: boolean;
      /** It says something of its customer alone. */
      isOwn?: boolean;
    }
  | { is: 'fail' | 'stop'; failure: AttemptFailure };

const BASE_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** Judges what came of an attempt by the first of the rules that an answer meets. */
export function judge(rules: readonly CompiledRule[], result: AttemptResult, nowMs: number): Verdict {
  return 'error' in result ? judgeError(result.error) : judgeAnswer(rules, result, nowMs);
}

function judgeError(error: RequestError): Verdict {
  const { kind, message: reason, status, isRetryable } = error;
  return { is: isRetryable ? 'retry' : 'fail', failure: { kind, reason, ...(status !== undefined && { status }) } };
}

function judgeAnswer(rules: readonly CompiledRule[], received: ReceivedAnswer, nowMs: number): Verdict {
  const rule = firstMet(rules, received);
  const { as: is } = rule;
  if (is === 'ok' || is === 'empty') return { is, received };
  const failure = failureOf(received.answer, rule);
  if (is === 'fail' || is === 'stop') return { is, failure };
  const retryAfterMs = parseRetryAfter(received.answer.headers['retry-after'], nowMs);
  return retryAfterMs === undefined ? { is, failure } : { is, failure, retryAfterMs };
}

/** A status says by itself what the defaults make of it; what a rule of the user's says has to be said with it. */
function failureOf({ status, statusText, body }: Answer, { as, isOwn, words }: CompiledRule): AttemptFailure {
  const answer = `HTTP ${status} ${statusText}`.trimEnd();
  return { kind: kindOf(status, as), reason: isOwn ? `${answer} (${as}: ${words})` : answer, status, body };
}

/** 408 is an answer of the server's, so it is `http_4xx`; `timeout` is ours. */
function kindOf(status: number, as: VerdictName): FailureKind {
  if (as === 'limited' || status === 429) return 'rate_limited';
  if (status >= 400 && status <= 499) return 'http_4xx';
  return status >= 500 && status <= 599 ? 'http_5xx' : 'bad_answer';
}

/**
 * Milliseconds to wait after attempt number `attempt` (from 1): exponential with "equal jitter" (Brooker, Exponential
 * Backoff And Jitter, AWS Architecture Blog, 2015), 0.5 to 1 s at first, 15 to 30 s at last; never below `retryAfterMs`.
 * `random` is at least 0 and below 1.
 */
export function retryDelayMs(wait: { attempt: number; retryAfterMs?: number | undefined; random: number }): number {
  const ceilingMs = Math.min(LONGEST_DELAY_MS, BASE_DELAY_MS * 2 ** (wait.attempt - 1));
  const delayMs = Math.round(ceilingMs / 2 + (ceilingMs / 2) * wait.random);
  return Math.max(delayMs, Math.ceil(wait.retryAfterMs ?? 0));
}
