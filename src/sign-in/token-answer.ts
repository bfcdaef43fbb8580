import type { Answer } from '../http/client.ts';
import { excerpt } from '../records/excerpt.ts';

/** A token as it was answered; `lifeMs` counts from when it was asked for, and is absent where nobody said. */
export interface NewToken {
  token: string;
  lifeMs?: number;
}

/** What a token endpoint answered: a token, or why it is none, in words that may quote the answer. */
export type TokenAnswer = { token: NewToken } | { problem: string; isRetryable: boolean };

/** What may stand behind `Bearer ` in a header: visible characters (RFC 6750 allows fewer still). */
const TOKEN = /^[\x21-\x7e]+$/;
const MAX_EXCERPT = 200;

/** Reads the answer of a token endpoint (RFC 6749, sections 5.1 and 5.2). */
export function readTokenAnswer(answer: Answer): TokenAnswer {
  const { status, statusText } = answer;
  const text = Buffer.from(answer.body).toString();
  const members = membersOf(text);
  if (status < 200 || status > 299) {
    const problem = `HTTP ${status} ${statusText}`.trimEnd() + whatItSaid(members, text);
    return { problem, isRetryable: status === 408 || status === 429 || status >= 500 };
  }
  const { access_token: token, token_type: type = 'bearer', expires_in: life } = members ?? {};
  const flaw = flawOf(members, token, type, life);
  if (flaw !== undefined)
    return { problem: `${flaw}${typeof token === 'string' ? '' : whatItSaid(members, text)}`, isRetryable: false };
  // Some send the seconds as a text.
  return { token: { token: String(token), ...(life != null && { lifeMs: Number(life) * 1000 }) } };
}

function flawOf(members: object | undefined, token: unknown, type: unknown, life: unknown): string | undefined {
  if (members === undefined) return 'an answer that is no JSON object';
  if (typeof token !== 'string' || token === '') return 'an answer without access_token';
  if (!TOKEN.test(token)) return 'an access_token that cannot stand in a header';
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return 'a token of another type than bearer';
  if (life == null) return undefined;
  if (!/^(?:number|string)$/.test(typeof life) || Number.isNaN(Number(life)))
    return 'a token with an expires_in that is no number';
  return Number(life) > 0 ? undefined : 'a token that has expired already';
}

/** `: invalid_client: no such client`, or how the answer begins. */
function whatItSaid(members: Record<string, unknown> | undefined, text: string): string {
  const said = [members?.error, members?.error_description].filter((part) => typeof part === 'string');
  const words = said.length > 0 ? said.join(': ') : text;
  return words.trim() === '' ? '' : `: ${excerpt(words, MAX_EXCERPT)}`;
}

function membersOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // What it is instead is told by how it begins.
  }
}
