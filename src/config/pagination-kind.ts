import * as z from 'zod';
import { PARAMETER_PLACES } from '../channel/protocol.ts';
import { jmespath, objectExpectation } from './answer-kinds.ts';
import { type GivenFacts, settingFacts } from './setting-kinds.ts';

/** How the pages of one customer follow each other, or none. */
export function pagesOrNone(facts: GivenFacts) {
  return pagination.nullable().register(settingFacts, { ...facts, kind: 'json' });
}

const count = (expected: string) => z.int(expected).min(1, expected).max(1_000_000, expected);
const start = z.int('a whole number').min(0, 'a whole number').optional();
const size = count('the number of records of a full page');
const path = jmespath('a path into the page such as links.next');
const parameter = z.string('the name of a parameter').min(1, 'the name of a parameter');
/** Where the parameter stands: the query, unless it is said to be the body. */
const place = z.enum(PARAMETER_PLACES, 'query or body').optional();

const stop = {
  size: size.optional(),
  until: z.enum(['empty', 'short_page'], 'empty or short_page').optional(),
  while: jmespath('a path into the page such as has_more').optional(),
  max_pages: count('a number of pages from 1').optional(),
};

const TYPES = ['next_link', 'link_header', 'cursor', 'page', 'offset'];
const EXPECTED = `an object with a type (${TYPES.join(', ')}), such as {"type": "next_link", "path": "links.next"}`;

const STOP_MEMBERS = Object.keys(stop);

/** What is said of an object that has other members than those of its type. */
const membersOf = (...names: string[]) => ({
  error: (issue: z.core.$ZodRawIssue) => objectExpectation(issue, EXPECTED, ['type', ...names, ...STOP_MEMBERS]),
});

const pagination = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ ...stop, type: z.literal('next_link'), path }, membersOf('path')),
      z.strictObject({ ...stop, type: z.literal('link_header') }, membersOf()),
      z.strictObject(
        { ...stop, type: z.literal('cursor'), path, parameter, in: place },
        membersOf('path', 'parameter', 'in'),
      ),
      z.strictObject(
        { ...stop, type: z.literal('page'), parameter, in: place, start },
        membersOf('parameter', 'in', 'start'),
      ),
      z.strictObject(
        { ...stop, type: z.literal('offset'), parameter, in: place, start, size },
        membersOf('parameter', 'in', 'start'),
      ),
    ],
    EXPECTED,
  )
  .superRefine((setting, context) => {
    if (setting.until !== 'short_page' || setting.size !== undefined) return;
    context.addIssue({ code: 'custom', path: ['until'], message: 'a size beside short_page' });
  });
