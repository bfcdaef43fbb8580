import { answerTextOf } from '../../fixtures/details.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';

/** Its answer has 350 bytes. */
const MODEL = 'C0000011';
const ANSWER = answerTextOf(MODEL);

/** The answer that a quick endpoint gives to everybody, the customer in its place. */
export const modelAnswerOf = (customer: string): string => ANSWER.replace(MODEL, customer);

/** The result lines that follow from it. */
export const modelLinesOf = (customer: string): string[] =>
  expectedLinesOf(MODEL).map((line) => line.replace(MODEL, customer));
