import * as z from 'zod';
import { VERDICTS } from '../channel/protocol.ts';
import { receivedHeaderExpectation } from './header-rule.ts';
import { nearestName } from './nearest-name.ts';
import { pathExpectation } from './path-rule.ts';
import { type GivenFacts, settingFacts } from './setting-kinds.ts';
import { showName } from './show-value.ts';

/** What answers mean: rules in order. */
export function outcomeRules(facts: GivenFacts) {
  return z.array(outcomeRule, 'a list of rules such as {"status": 404, "as": "empty"}').register(settingFacts, {
    ...facts,
    kind: 'json',
  });
}

const expectedStatus = 'a status such as 404 or a class such as "4xx"';
const status = z.union(
  [
    z.int(expectedStatus).min(100, expectedStatus).max(599, expectedStatus),
    z.string().regex(/^[1-5](?:\d\d|xx)$/i, expectedStatus),
  ],
  expectedStatus,
);

const header = z.string('a header as "name" or "name: value"').superRefine((text, context) => {
  const expected = receivedHeaderExpectation(text.split(':', 1)[0]?.trim() ?? '');
  if (expected !== undefined) context.addIssue(`"name" or "name: value" with ${expected}`);
});

const RULE_MEMBERS = ['status', 'where', 'header', 'as'];
const CONDITIONS = ['status', 'where', 'header'];

const outcomeRule = z
  .strictObject(
    {
      status: z.union([status, z.array(status).min(1)], `${expectedStatus}, or a list of them`).optional(),
      where: jmespath("an expression such as error.code == 'BUSY'").optional(),
      header: header.optional(),
      as: z.enum(VERDICTS, `one of ${VERDICTS.join(', ')}`),
    },
    { error: (issue) => objectExpectation(issue, 'a rule such as {"status": 404, "as": "empty"}', RULE_MEMBERS) },
  )
  .refine((rule) => Object.keys(rule).some((name) => CONDITIONS.includes(name)), {
    error: 'a rule that says for which answers it is: status, where or header',
  });

/** An expression or a path into an answer, see `path-rule.ts`. */
export function jmespath(expected: string) {
  return z.string(expected).superRefine((text, context) => {
    const phrase = pathExpectation(text);
    if (phrase !== undefined) context.addIssue(phrase);
  });
}

/** What an object should be and is not, as a phrase after "expected"; a member that is misspelt is named. */
export function objectExpectation(issue: z.core.$ZodRawIssue, expected: string, members: readonly string[]): string {
  if (issue.code !== 'unrecognized_keys') return expected;
  const [unknown = ''] = issue.keys;
  const nearest = nearestName(unknown, members);
  const advice = nearest === undefined ? `its members are ${members.join(', ')}` : `did you mean ${nearest}?`;
  return `${expected} without ${showName(unknown)} (${advice})`;
}
