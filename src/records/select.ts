import { AnswerError } from './answer-error.ts';
import { describeValue, excerpt } from './excerpt.ts';
import { isContainer, type Path } from './path.ts';

const MAX_NAMES = 8;
const MAX_NAME_LENGTH = 40;

/** The records at a path, as they are. Throws `AnswerError` that names the path and what is there instead. */
export function selectRecords(answer: unknown, { path, get }: Path): unknown[] {
  const records = get(answer);
  if (Array.isArray(records)) return records;
  if (records === undefined) throw new AnswerError(`there is no ${path} in the answer (${contentsOf(answer)})`);
  throw new AnswerError(`${path === '@' ? 'the answer' : path} is ${describeValue(records)}, not an array`);
}

function contentsOf(answer: unknown): string {
  if (!isContainer(answer) || Array.isArray(answer)) return `it is ${describeValue(answer)}`;
  const names = Object.keys(answer);
  if (names.length === 0) return 'it is an empty object';
  const shown = names.slice(0, MAX_NAMES).map((name) => excerpt(name, MAX_NAME_LENGTH));
  return `it has: ${shown.join(', ')}${names.length > MAX_NAMES ? ', …' : ''}`;
}
