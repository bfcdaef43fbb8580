import type { FailureKind } from '../channel/protocol.ts';
import type { Answer, RequestError } from './client.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Why an attempt failed; a customer's failure where it is the last one. */
export interface AttemptFailure {
  kind: FailureKind;
  reason: string;
  status?: number;
}

/** What an attempt means. `retryAfterMs` is what the server asked for, from now on. */
export type Verdict =
  | { is: 'answered'; answer: Answer }
  | { is: 'retry'; failure: AttemptFailure; retryAfterMs?: number }
  | { is: 'failed'; failure: AttemptFailure };

/** Statuses that may be others a moment later; all others than these and 2xx are final. */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const BASE_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** What one attempt came to: an answer, or the error that stands for it. */
export function judge(outcome: { answer: Answer } | { error: RequestError }, nowMs: number): Verdict {
  return 'error' in outcome ? judgeError(outcome.error) : judgeAnswer(outcome.answer, nowMs);
}

function judgeError(error: RequestError): Verdict {
  const { kind, message: reason, status, isRetryable } = error;
  return { is: isRetryable ? 'retry' : 'failed', failure: { kind, reason, ...(status !== undefined && { status }) } };
}

function judgeAnswer(answer: Answer, nowMs: number): Verdict {
  const { status, statusText } = answer;
  if (status >= 200 && status <= 299) return { is: 'answered', answer };
  const failure = { kind: kindOf(status), reason: `HTTP ${status} ${statusText}`.trimEnd(), status };
  if (!RETRIED_STATUSES.has(status)) return { is: 'failed', failure };
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], nowMs);
  return retryAfterMs === undefined ? { is: 'retry', failure } : { is: 'retry', failure, retryAfterMs };
}

/** 408 is an answer of the server's, so it is `http_4xx`; `timeout` is ours. */
function kindOf(status: number): FailureKind {
  if (status === 429) return 'rate_limited';
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
