import { nearestName } from '../config/nearest-name.ts';

const UNKNOWN = /^Unknown (?:arguments?|commands?): (.*)$/;

/**
 * What yargs says of words that it does not know, said better: each once, with the nearest that it does know. Other
 * messages stay as they are.
 */
export function tellUnknownWords(message: string, flags: readonly string[], commands: readonly string[]): string {
  const list = UNKNOWN.exec(message)?.[1];
  if (list === undefined) return message;
  const words = new Set(list.split(', ').map(kebabCase));
  return [...words].map((word) => tellWord(word, flags, commands)).join('\n');
}

/** yargs names an unknown flag twice, as it was given and in camel case. */
const kebabCase = (word: string): string => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function tellWord(word: string, flags: readonly string[], commands: readonly string[]): string {
  const command = nearestName(word, commands);
  if (command !== undefined) return `${word}: unknown command; did you mean ${command}?`;
  if (flags.includes(word)) return `--${word}: this command has no such flag; others do`;
  const flag = nearestName(word, flags);
  return flag === undefined ? `${word}: unknown command or flag` : `--${word}: unknown flag; did you mean --${flag}?`;
}
