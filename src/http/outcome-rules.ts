import type { OutcomeRule, VerdictName } from '../channel/protocol.ts';
import { AnswerError } from '../records/answer-error.ts';
import { compilePath } from '../records/path.ts';
import { isTrue } from '../records/truth.ts';
import type { Answer } from './client.ts';

/** What an answer means where no rule of the user's says otherwise; the last one takes whatever is left. */
export const DEFAULT_RULES: readonly OutcomeRule[] = [
  { status: '2xx', as: 'ok' },
  { status: 429, as: 'limited' },
  { status: 503, header: 'retry-after', as: 'limited' },
  { status: [408, 425, 500, 502, 503, 504], as: 'retry' },
  { as: 'fail' },
];

/** A whole answer, and its JSON, which is parsed when it is first asked for and throws `AnswerError` where it is none. */
export interface ReceivedAnswer {
  answer: Answer;
  json(): unknown;
}

/** A rule, taken apart once. */
export interface CompiledRule {
  as: VerdictName;
  /** The rule in words: `404, 4xx where error.code == 'BUSY'`. */
  words: string;
  /** Whether it stands in the settings; others are defaults. */
  isOwn: boolean;
  isMet(received: ReceivedAnswer): boolean;
}

type Condition = (received: ReceivedAnswer) => boolean;

/** The rules in force, in order: the user's, then the defaults. An answer always meets one. Throws `UsageError` for a wrong path. */
export const compileRules = (rules: readonly OutcomeRule[] = []): CompiledRule[] => [
  ...rules.map((rule) => compileRule(rule, true)),
  ...DEFAULT_RULES.map((rule) => compileRule(rule, false)),
];

/** The rule that says what an answer means. */
export function firstMet(rules: readonly CompiledRule[], received: ReceivedAnswer): CompiledRule {
  const rule = rules.find(({ isMet }) => isMet(received));
  if (rule === undefined) throw new Error('an answer met no rule, not even the last');
  return rule;
}

function compileRule(rule: OutcomeRule, isOwn: boolean): CompiledRule {
  const conditions = [statusCondition(rule), headerCondition(rule), whereCondition(rule)].filter(
    (it) => it !== undefined,
  );
  return {
    as: rule.as,
    words: wordsOf(rule),
    isOwn,
    isMet: (received) => conditions.every((holds) => holds(received)),
  };
}

const statusesOf = ({ status = [] }: OutcomeRule): readonly (number | string)[] =>
  typeof status === 'object' ? status : [status];

function statusCondition(rule: OutcomeRule): Condition | undefined {
  const statuses = statusesOf(rule);
  if (statuses.length === 0) return undefined;
  const exact = new Set(statuses.map(Number).filter((status) => !Number.isNaN(status)));
  const classes = new Set(statuses.filter((status) => Number.isNaN(Number(status))).map((it) => Number(String(it)[0])));
  return ({ answer: { status } }) => exact.has(status) || classes.has(Math.floor(status / 100));
}

function headerCondition({ header }: OutcomeRule): Condition | undefined {
  if (header === undefined) return undefined;
  const [name = '', ...rest] = header.split(':');
  const wanted = rest.join(':').trim().toLowerCase();
  return ({ answer: { headers } }) => {
    const found = headers[name.trim().toLowerCase()];
    return found !== undefined && (rest.length === 0 || String(found).trim().toLowerCase() === wanted);
  };
}

function whereCondition({ where }: OutcomeRule): Condition | undefined {
  if (where === undefined) return undefined;
  const path = compilePath(where);
  return ({ json }) => {
    try {
      return isTrue(path.get(json()));
    } catch (error) {
      // Not JSON, or nothing that the expression can be applied to: another rule says what that means.
      if (error instanceof AnswerError) return false;
      throw error;
    }
  };
}

function wordsOf(rule: OutcomeRule): string {
  const { header, where } = rule;
  const parts = [
    statusesOf(rule).join(', '),
    header === undefined ? '' : `with ${header}`,
    where === undefined ? '' : `where ${where}`,
  ];
  return parts.filter((part) => part !== '').join(' ') || 'anything else';
}
