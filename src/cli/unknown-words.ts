import { nearestName } from '../config/nearest-name.ts';

const UNKNOWN = /^Unknown (?:arguments?|commands?): (.*)$/;

/** The flags that a command has, those that others have, and the commands. */
export interface KnownWords {
  own: readonly string[];
  others: readonly string[];
  commands: readonly string[];
}

/**
 * What yargs says of words that it does not know, said better: each once, with the nearest that it does know. Other
 * messages stay as they are.
 */
export function tellUnknownWords(message: string, known: KnownWords): string {
  const list = UNKNOWN.exec(message)?.[1];
  if (list === undefined) return message;
  const words = new Set(list.split(', ').map(kebabCase));
  return [...words].map((word) => tellWord(word, known)).join('\n');
}

/** yargs names an unknown flag twice, as it was given and in camel case. */
const kebabCase = (word: string): string => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function tellWord(word: string, { own, others, commands }: KnownWords): string {
  const command = nearestName(word, commands);
  if (command !== undefined) return `${word}: unknown command; did you mean ${command}?`;
  if (others.includes(word)) return `--${word}: this command has no such flag; others do`;
  const flag = nearestName(word, own);
  return flag === undefined ? `${word}: unknown command or flag` : `--${word}: unknown flag; did you mean --${flag}?`;
}
