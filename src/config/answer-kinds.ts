import * as z from 'zod';
import { type FieldSetting, VERDICTS } from '../channel/protocol.ts';
import { receivedHeaderExpectation } from './header-rule.ts';
import { nearestName } from './nearest-name.ts';
import { pathExpectation } from './path-rule.ts';
import { lonePlaceholder } from './placeholder-text.ts';
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

/** A path into an answer, or none. */
export function answerPathOrNone(facts: GivenFacts) {
  return jmespath('a path such as customer.id')
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text' });
}

/** What stands in a result line; that there must be some is for `cross-checks.ts` to say, who knows the format. */
export function recordFields(facts: GivenFacts) {
  return z
    .array(field, FIELDS_EXPECTED)
    .superRefine((fields, context) => {
      const names = fields.map(nameOf);
      for (const [at, name] of names.entries()) {
        if (names.indexOf(name) < at) context.addIssue({ code: 'custom', path: [at], message: 'each name once' });
      }
    })
    .register(settingFacts, { ...facts, kind: 'list' });
}

const FIELDS_EXPECTED = 'a list of paths such as ["id", "address.city"], or of objects with name and path or value';
const FIELD_EXPECTED = 'a path such as address.city, {"name", "path"} or {"name", "value"}';

/** What stands for a field in a header line. */
export const nameOf = (field: FieldSetting): string =>
  typeof field === 'string' ? (lonePlaceholder(field) ?? field) : (field.name ?? ('path' in field ? field.path : ''));

const fieldPath = z.string(FIELD_EXPECTED).superRefine((text, context) => {
  const expected = lonePlaceholder(text) === undefined ? pathExpectation(text) : undefined;
  if (expected !== undefined) context.addIssue(expected);
});

const fieldName = z
  .string('a name')
  .min(1, 'a name')
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'a name without control characters');

const foundField = z.strictObject(
  { name: fieldName.optional(), path: fieldPath, missing: z.enum(['fail', 'empty'], 'fail or empty').optional() },
  { error: (issue) => objectExpectation(issue, FIELD_EXPECTED, ['name', 'path', 'missing']) },
);

const givenField = z.strictObject(
  {
    name: fieldName,
    value: z.union([z.string(), z.number(), z.boolean(), z.null()], 'a text, a number, true, false or null'),
  },
  { error: (issue) => objectExpectation(issue, FIELD_EXPECTED, ['name', 'value']) },
);

/** The members say which of the three it is meant to be, so that what is wrong with that one is told. */
const field = z.union([fieldPath, givenField, foundField], {
  error: ({ input }) => {
    const type = typeof input === 'object' && input !== null ? ('value' in input ? givenField : foundField) : fieldPath;
    const [issue] = type.safeParse(input).error?.issues ?? [];
    const member = issue?.path.join('.') ?? '';
    return member === '' ? (issue?.message ?? FIELD_EXPECTED) : `${member} to be ${issue?.message}`;
  },
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
