import type { IncomingHttpHeaders } from 'node:http';
import type { Quota } from '../channel/protocol.ts';

/** A reset above this is a time since the epoch (in seconds, or in milliseconds where it is larger still), not a wait. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

/**
 * What is left of the endpoint's quota, by what the headers of an answer say: `RateLimit` as a structured field
 * (draft-ietf-httpapi-ratelimit-headers-08 and later: `"default";r=50;t=30`) and as a dictionary (-07:
 * `limit=100, remaining=50, reset=30`), the three `RateLimit-Limit`, `-Remaining`, `-Reset` of earlier drafts, and
 * `X-RateLimit-…` with its spelling variants, whose reset is seconds to wait or a time since the epoch. Of several quotas
 * it is the one that allows least. Undefined where nothing is said, or nothing that makes sense.
 */
export function quotaOf(headers: IncomingHttpHeaders, nowMs: number): Quota | undefined {
  const { ratelimit } = headers;
  const told = ratelimit === undefined ? undefined : tightest(structured(textOf(ratelimit), headers));
  if (told !== undefined) return told;
  for (const names of THREE_HEADERS) {
    // Most answers have none of them.
    const quota = headers[names.remaining] === undefined ? undefined : threeHeaders(headers, names, nowMs);
    if (quota !== undefined) return quota;
  }
  return undefined;
}

const THREE_HEADERS = ['ratelimit', 'x-ratelimit', 'x-rate-limit'].map((prefix) => ({
  remaining: `${prefix}-remaining`,
  reset: `${prefix}-reset`,
  limit: `${prefix}-limit`,
}));

const textOf = (value: string | string[]): string => (typeof value === 'string' ? value : value.join(', '));

/** Each member of the list says the rest (`r`) and the seconds (`t`) of one policy; the policy says its quota (`q`). */
function structured(text: string, headers: IncomingHttpHeaders): Quota[] {
  const policies = members(textOf(headers['ratelimit-policy'] ?? ''));
  const asDictionary = parameters(text.replaceAll(',', ';'));
  const whole = quota(asDictionary.remaining, asDictionary.reset, asDictionary.limit);
  if (whole !== undefined) return [whole];
  return members(text).flatMap(({ name, values }) => {
    const policy = policies.find((each) => each.name === name)?.values;
    return quota(values.r, values.t, policy?.q) ?? [];
  });
}

interface Member {
  name: string;
  values: Record<string, string>;
}

const members = (text: string): Member[] =>
  text.split(',').map((member) => {
    const [name = '', ...rest] = member.split(';');
    return { name: name.trim(), values: parameters(rest.join(';')) };
  });

const parameters = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(';').flatMap((part) => {
      const [, name, value] = /^\s*([a-z*][\w.*-]*)\s*=\s*"?([^"]*?)"?\s*$/i.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );

function threeHeaders(
  headers: IncomingHttpHeaders,
  names: { remaining: string; reset: string; limit: string },
  nowMs: number,
): Quota | undefined {
  const [remaining, reset, limit] = [headers[names.remaining], headers[names.reset], headers[names.limit]];
  const seconds = Number(reset);
  const untilMs = seconds >= EPOCH_MS ? seconds : seconds >= EPOCH_SECONDS ? seconds * 1000 : undefined;
  const wait = untilMs === undefined ? reset : Math.max(0, untilMs - nowMs) / 1000;
  // The limit may be followed by its policies: `100, 100;w=60`.
  return quota(remaining, wait, limit === undefined ? undefined : textOf(limit).split(/[,;]/, 1)[0]);
}

type Told = string | string[] | number | undefined;

function quota(remaining: Told, seconds: Told, limit: Told): Quota | undefined {
  const [left, wait, whole] = [numberIn(remaining), numberIn(seconds), numberIn(limit)];
  if (left === undefined || wait === undefined) return undefined;
  return { remaining: left, resetMs: wait * 1000, ...(whole !== undefined && { limit: whole }) };
}

function numberIn(told: Told): number | undefined {
  const text = String(Array.isArray(told) ? told[0] : (told ?? '')).trim();
  return /^\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The quota that lasts for the fewest requests a second. */
const tightest = (quotas: readonly Quota[]): Quota | undefined =>
  quotas.reduce<Quota | undefined>((a, b) => (a === undefined || perMs(b) < perMs(a) ? b : a), undefined);

/** How fast a quota may be used up, in requests a millisecond. */
const perMs = ({ remaining, resetMs }: Quota): number => remaining / Math.max(1, resetMs);

/** The one of two that allows less, where both are known. */
export const lesserQuota = (a: Quota | undefined, b: Quota | undefined): Quota | undefined =>
  tightest([a, b].filter((it) => it !== undefined));
