import type { z } from 'zod';
import type { Given } from './gather.ts';
import { describeOrigin } from './origin.ts';
import { factsOf, SETTING_NAMES, type SettingName, settingsSchema } from './schema.ts';
import { maskUserInfo, showHeaderName, showKind, showValue } from './show-value.ts';

/** A setting whose value is not what the schema allows, and the line that says so. */
export interface WrongSetting {
  name: SettingName;
  problem: string;
}

type Issue = z.core.$ZodIssue;

/** Every value that the schema does not allow; settings without a value are passed over. Needs no order of its own. */
export function wrongSettings(given: ReadonlyMap<SettingName, Given>): WrongSetting[] {
  const values = Object.fromEntries(Array.from(given, ([name, { value }]) => [name, value]));
  const issues = settingsSchema.safeParse(values).error?.issues ?? [];
  const wrong = SETTING_NAMES.flatMap((name) => {
    const found = given.get(name);
    if (found === undefined) return [];
    const own = issues.filter((issue) => issue.path[0] === name);
    return own.map((issue) => ({ name, problem: describeIssue(name, issue, found) }));
  });
  const isFirst = ({ problem }: WrongSetting, index: number) =>
    wrong.findIndex((each) => each.problem === problem) === index;
  return wrong.filter(isFirst);
}

/** `process_count: expected a whole number from 1 to 256, got "abc" (flag --process-count)` */
function describeIssue(name: SettingName, issue: Issue, { value, origin }: Given): string {
  const inside = issue.path.slice(1);
  const part = inside.reduce<unknown>(memberOf, value);
  const label = name + inside.map(labelOf).join('');
  return `${label}: expected ${expectationOf(issue)}, got ${showPart(name, part)} (${describeOrigin(origin)})`;
}

/** What is wrong with a member's name stands one level deeper. */
const expectationOf = (issue: Issue): string =>
  issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

const labelOf = (key: PropertyKey): string =>
  typeof key === 'number' ? `[${key}]` : `.${showHeaderName(String(key))}`;

/** What may hold a secret is told by its kind; so may what stands before the `@` of a URL. */
function showPart(name: SettingName, part: unknown): string {
  if (factsOf(name).isPrivate) return showKind(part);
  return showValue(name === 'url' && typeof part === 'string' ? maskUserInfo(part) : part);
}
